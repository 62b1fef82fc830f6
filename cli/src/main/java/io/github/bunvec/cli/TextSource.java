package io.github.bunvec.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Texts, one after the other. */
interface TextSource extends AutoCloseable {

  /**
   * Returns the next text, or null after the last.
   *
   * @throws CommandException if what stands there is not a text
   */
  @Nullable String next() throws IOException;

  /** Returns whether {@link #next} has something to read without waiting for it. */
  boolean ready() throws IOException;

  /** Returns how messages call a text; index from 0. */
  String where(long index);

  /** Returns how much of the input has been read, 0 to 1; NaN if that is unknown. */
  double fractionRead();

  @Override
  void close() throws IOException;
}
