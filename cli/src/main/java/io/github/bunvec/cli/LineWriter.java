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

  /** The values and nothing else, with spaces between them: what numpy.loadtxt reads. */
  static LineWriter text(ResultStream out) {
    return new LineWriter(
        out,
        (text, embedding) -> {
          StringBuilder values = new StringBuilder();
          for (float value : embedding.vector()) {
            values.append(values.isEmpty() ? "" : " ").append(value);
          }
          return values.toString();
        });
  }

  static LineWriter jsonl(ResultStream out) {
    return new LineWriter(
        out,
        (text, embedding) ->
            new JsonLine()
                .add("text", text)
                .add("tokens", embedding.tokens())
                .add("truncated", embedding.truncated())
                .add("embedding", embedding.vector())
                .toString());
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
