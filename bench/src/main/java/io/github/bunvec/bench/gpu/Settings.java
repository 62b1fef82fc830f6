package io.github.bunvec.bench.gpu;

import java.io.PrintStream;
import java.util.List;

/**
 * How a run measures.
 *
 * @param device the GPU's number
 * @param tokens tokens of a packed batch
 * @param length of each of its sequences
 * @param models names that BertShape knows
 * @param rounds how often kernels are measured, and how many turns everyone has
 * @param seconds how long whole models are measured at a time
 * @param callers threads that use a model at once
 * @param progress is told what is being measured
 */
record Settings(
    int device,
    int tokens,
    int length,
    List<String> models,
    int rounds,
    double seconds,
    int callers,
    PrintStream progress) {

  /** Checks what would otherwise be told late. */
  Settings {
    require(device >= 0 && device < 1000, "--device", device, "0 to 999");
    require(length >= 2 && length <= 512, "--length", length, "2 to 512");
    require(
        tokens >= length && tokens <= 1 << 16 && tokens % length == 0,
        "--tokens",
        tokens,
        "a multiple of the length " + length + ", at most 65536");
    require(rounds >= 1 && rounds <= 10_000, "--rounds", rounds, "1 to 10000");
    require(seconds > 0 && seconds <= 600, "--seconds", seconds, "more than 0, at most 600");
    require(callers >= 1 && callers <= 1024, "--callers", callers, "1 to 1024");
    if (models.isEmpty()) {
      throw new IllegalArgumentException("--models names none");
    }
  }

  private static void require(boolean holds, String option, Number found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s is %s, expected %s".formatted(option, found, expected));
    }
  }

  /** Returns the largest batch that is measured, in tokens. */
  int most() {
    return 4 * tokens;
  }

  /** Tells what is being measured. */
  void say(String what) {
    progress.println(what);
  }
}
