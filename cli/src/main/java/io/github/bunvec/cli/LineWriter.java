package io.github.bunvec.cli;

import io.github.bunvec.engine.Embedding;
import java.io.IOException;
import java.util.function.BiFunction;

/** Writes one line for each vector. */
final class LineWriter implements EmbeddingWriter {

  private final ResultStream out;
  private final BiFunction<String, Embedding, String> line;

  private LineWriter(ResultStream out, BiFunction<String, Embedding, String> line) {
    this.out = out;
    this.line = line;
  }

  static LineWriter text(ResultStream out, VectorForm form) {
    return new LineWriter(out, (text, embedding) -> form.text(embedding.vector()));
  }

  static LineWriter jsonl(ResultStream out, VectorForm form) {
    return new LineWriter(
        out,
        (text, embedding) -> {
          JsonLine line =
              new JsonLine()
                  .add("text", text)
                  .add("tokens", embedding.tokens())
                  .add("truncated", embedding.truncated());
          form.add(line, embedding.vector());
          return line.toString();
        });
  }

  @Override
  public void write(String text, Embedding embedding) throws IOException {
    out.line(line.apply(text, embedding));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
