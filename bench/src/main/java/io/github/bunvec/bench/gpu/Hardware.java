package io.github.bunvec.bench.gpu;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What figures depend on and a reader must know, as far as it is known before the GPU is opened.
 */
final class Hardware {

  private Hardware() {}

  /** Describes JVM, commit and command, a line each. */
  static Map<String, String> describe() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("processors", Runtime.getRuntime().availableProcessors() + " to use");
    lines.put("JDK", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    lines.put("commit", System.getProperty("bunvec.commit", "unknown"));
    lines.put("command", ("bench/gpu " + System.getProperty("bunvec.command", "")).strip());
    return lines;
  }
}
