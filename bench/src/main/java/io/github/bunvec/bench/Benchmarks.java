package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JMH's command line with defaults that fit this machine, and the smoke run. */
public final class Benchmarks {

  /** Every benchmark once, on the smallest inputs: shows that it runs, says nothing about time. */
  private static final List<String> SMOKE =
      List.of(
          "-f 1 -wi 0 -i 1 -r 50ms -foe true",
          "-p megabytes=8 -p m=12 -p k=64 -p shape=1024x256 -p length=32 -p features=256",
          "-p activation=NONE,GELU -p model=tiny -p batch=mixed -p corpus=sentences");

  private Benchmarks() {}

  /**
   * Runs benchmarks.
   *
   * @param args JMH's, or {@code --smoke}
   * @throws IOException as JMH does
   */
  public static void main(String[] args) throws IOException {
    List<String> all = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals("--smoke")) {
        SMOKE.forEach(line -> Collections.addAll(all, line.split(" ", -1)));
      } else {
        all.add(arg);
      }
    }
    addDefault(all, "bits", widths());
    int processors = Runtime.getRuntime().availableProcessors();
    addDefault(all, "threads", processors == 1 ? "1" : "1," + processors);
    if (!all.contains("-prof")) {
      // Bytes allocated per operation: none where only kernels run.
      Collections.addAll(all, "-prof", "gc");
    }
    org.openjdk.jmh.Main.main(all.toArray(new String[0]));
  }

  /** The widths whose kernels are real vectors here; JMH itself cannot skip a parameter. */
  private static String widths() {
    return Stream.of(512, 256, 128)
        .filter(bits -> bits <= VectorWidth.bits())
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private static void addDefault(List<String> args, String parameter, String values) {
    if (args.stream().noneMatch(arg -> arg.replaceFirst("^-p", "").startsWith(parameter + "="))) {
      args.addAll(Arrays.asList("-p", parameter + "=" + values));
    }
  }
}
