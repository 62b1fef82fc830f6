package io.github.bunvec.cli;

import io.github.bunvec.engine.Embedding;
import io.github.bunvec.engine.Precision;
import io.github.bunvec.engine.Quantization;
import io.github.bunvec.engine.ValueRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps all vectors until the end, because the ranges of their values decide what is written.
 *
 * <p>This is what sentence-transformers does where no ranges are given, and the one output whose
 * memory grows with the input.
 */
final class CalibratingWriter implements EmbeddingWriter {

  /** With fewer vectors sentence-transformers warns. */
  private static final int FEW = 100;

  /** Opens the writer of what was quantized. */
  interface Target {
    EmbeddingWriter open(VectorForm form) throws IOException;
  }

  private record Row(String text, Embedding embedding) {}

  private final Precision precision;
  private final Target target;
  private final Console console;
  private final int dimension;
  private final List<Row> rows = new ArrayList<>();

  CalibratingWriter(Precision precision, int dimension, Target target, Console console) {
    this.precision = precision;
    this.dimension = dimension;
    this.target = target;
    this.console = console;
  }

  @Override
  public void write(String text, Embedding embedding) {
    rows.add(new Row(text, embedding));
  }

  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    Quantization quantization = Quantization.scalar(precision, ranges());
    try (EmbeddingWriter writer = target.open(new VectorForm.Quantized(quantization))) {
      for (Row row : rows) {
        writer.write(row.text(), row.embedding());
      }
    }
    if (!rows.isEmpty() && rows.size() < FEW) {
      console
          .err()
          .printf(
              "bunvec: warning: the ranges of %s were taken from %s only; take them from more"
                  + " and give them by --ranges%n",
              precision.precisionName(),
              rows.size() == 1 ? "one vector" : rows.size() + " vectors");
    }
  }

  private ValueRanges ranges() {
    return rows.isEmpty()
        ? new ValueRanges(new float[dimension], new float[dimension])
        : ValueRanges.of(rows.stream().map(row -> row.embedding().vector()).toList());
  }
}
