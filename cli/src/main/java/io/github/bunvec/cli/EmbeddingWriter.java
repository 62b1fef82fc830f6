package io.github.bunvec.cli;

import io.github.bunvec.engine.Embedding;
import java.io.IOException;

/** Writes vectors in one of the formats. */
interface EmbeddingWriter extends AutoCloseable {

  void write(String text, Embedding embedding) throws IOException;

  /** Makes sure that what was written is kept whatever happens next. */
  void flush() throws IOException;

  @Override
  void close() throws IOException;
}
