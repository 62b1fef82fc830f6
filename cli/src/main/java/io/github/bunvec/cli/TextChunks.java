package io.github.bunvec.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads texts in pieces that fit in memory, in order. */
final class TextChunks {

  /** At first: many more than the threads need to be busy. */
  private static final int TEXTS = 1024;

  /** At most: few enough to keep their vectors. */
  private static final int MOST_TEXTS = 16 * TEXTS;

  /**
   * A piece that is done sooner is followed by one of twice as many texts: a GPU is idle from the
   * last of a piece until the first of the next.
   */
  private static final long SHORT_NANOS = 250_000_000;

  private static final int CHARACTERS = 1 << 20;

  /** What is done with a piece. */
  interface Task {
    /** Works on texts; the first has the given index in the whole input. */
    void accept(List<String> texts, long firstIndex) throws IOException;
  }

  private TextChunks() {}

  /**
   * Works through a source. When a text cannot be read, the texts before it are worked on first;
   * when the next text would have to be waited for, those at hand are not kept waiting.
   */
  static void forEach(TextSource source, ProgressBar progress, Task task) throws IOException {
    long index = 0;
    boolean more = true;
    int most = TEXTS;
    while (more) {
      List<String> texts = new ArrayList<>();
      Exception failure = null;
      try {
        more = fill(source, texts, most);
      } catch (CommandException | IOException e) {
        failure = e;
      }
      if (!texts.isEmpty()) {
        long start = System.nanoTime();
        task.accept(texts, index);
        if (texts.size() == most && System.nanoTime() - start < SHORT_NANOS) {
          most = Math.min(2 * most, MOST_TEXTS);
        }
        index += texts.size();
        progress.update(index, source.fractionRead());
      }
      rethrow(failure);
    }
  }

  private static boolean fill(TextSource source, List<String> texts, int most) throws IOException {
    int characters = 0;
    while (texts.size() < most && characters < CHARACTERS && (texts.isEmpty() || source.ready())) {
      String text = source.next();
      if (text == null) {
        return false;
      }
      texts.add(text);
      characters += text.length();
    }
    return true;
  }

  private static void rethrow(@Nullable Exception failure) throws IOException {
    switch (failure) {
      case IOException e -> throw e;
      case CommandException e -> throw e;
      case null, default -> {}
    }
  }
}
