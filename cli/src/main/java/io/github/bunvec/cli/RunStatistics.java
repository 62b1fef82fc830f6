package io.github.bunvec.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What a run did: counts, and seconds from a monotonic clock. */
final class RunStatistics {

  private static final double NANOS_PER_SECOND = 1e9;

  private long texts;
  private long tokens;
  private long truncated;
  private long loadNanos;
  private long nanos;
  private int limit;

  void loaded(long elapsedNanos, int maxLength) {
    loadNanos += elapsedNanos;
    limit = maxLength;
  }

  void count(int tokenCount, boolean wasTruncated) {
    texts++;
    tokens += tokenCount;
    truncated += wasTruncated ? 1 : 0;
  }

  void worked(long elapsedNanos) {
    nanos += elapsedNanos;
  }

  long texts() {
    return texts;
  }

  boolean anyTruncated() {
    return truncated > 0;
  }

  String warning() {
    return "%d of %d texts had more than %d tokens and were cut to that; see --max-length and --on-too-long"
        .formatted(truncated, texts, limit);
  }

  String json() {
    JsonLine line =
        new JsonLine()
            .add("texts", texts)
            .add("tokens", tokens)
            .add("truncated", truncated)
            .add("load_seconds", loadNanos / NANOS_PER_SECOND)
            .add("seconds", nanos / NANOS_PER_SECOND);
    OptionalLong peak = peakResidentBytes();
    if (peak.isPresent()) {
      line.add("peak_rss_bytes", peak.getAsLong());
    } else {
      line.addNull("peak_rss_bytes");
    }
    return line.toString();
  }

  /** Returns the most memory the process ever had resident, where the system tells (Linux). */
  static OptionalLong peakResidentBytes() {
    Path status = Path.of("/proc/self/status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          String kibibytes = line.replaceAll("[^0-9]", "");
          return OptionalLong.of(Long.parseLong(kibibytes) << 10);
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
