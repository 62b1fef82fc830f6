package io.github.bunvec.tokenizer.ipadic;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * The embedded dictionary mecab-ipadic 2.7.0-20070801: its words, ids, costs and character
 * categories equal those of the PyPI package ipadic 1.0.0 entry by entry; features are left out.
 */
public final class Ipadic {

  /** Loads the dictionary when it is first asked for, once. */
  private static final class Holder {
    static final Dictionary DICTIONARY =
        Dictionary.of(
            resource(Dictionary.SYSTEM),
            resource(Dictionary.UNKNOWN),
            resource(Dictionary.MATRIX),
            resource(Dictionary.CHARACTERS));
  }

  private Ipadic() {}

  /**
   * Returns the dictionary, the same each time.
   *
   * @return the dictionary, about 20 MB outside the heap
   */
  public static Dictionary dictionary() {
    return Holder.DICTIONARY;
  }

  private static MemorySegment resource(String name) {
    try (InputStream in = Ipadic.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the embedded dictionary's " + name + " is missing; build the module with Maven");
      }
      return MemorySegment.ofArray(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded dictionary's " + name + " is unreadable", e);
    }
  }
}
