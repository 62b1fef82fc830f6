package io.github.bunvec.loader;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names of a file nearest to one that is missing, so that a message can show them. */
final class SimilarNames {

  private static final int SHOWN = 3;

  private SimilarNames() {}

  /** Returns the end of a sentence: "; similar: ..." or what the file holds instead. */
  static String describe(String missing, Collection<String> names) {
    if (names.isEmpty()) {
      return "; it has none at all";
    }
    List<String> nearest =
        names.stream()
            .sorted(Comparator.comparingInt((String name) -> -common(missing, name)))
            .limit(SHOWN)
            .map(Quoted::name)
            .toList();
    return "; similar: " + String.join(", ", nearest);
  }

  /** Characters shared at the end (where layer and kind stand) and at the start. */
  private static int common(String a, String b) {
    int max = Math.min(a.length(), b.length());
    int end = 0;
    while (end < max && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    int start = 0;
    while (start < max - end && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    return start + end;
  }
}
