package io.github.bunvec.cli;

import io.github.bunvec.engine.Precision;
import io.github.bunvec.engine.Quantization;
import io.github.bunvec.engine.ValueRanges;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How values are written. */
final class PrecisionOptions {

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description =
          "float32, int8, uint8, binary or ubinary, by the rules of sentence-transformers 6."
              + " Default: float32.")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--ranges",
      paramLabel = "FILE.npy",
      description =
          "For int8 and uint8: least and greatest values, float32 [2, dimension]."
              + " Default: those of the vectors of this run.")
  private @Nullable Path ranges;

  /** Says so if the options contradict each other. */
  void check() {
    if (ranges != null && !precision.needsRanges()) {
      throw CommandException.usage(
          "--ranges is for --precision int8 and uint8, not " + precision.precisionName());
    }
  }

  /** Opens a writer that writes vectors in the form asked for. */
  EmbeddingWriter writer(int dimension, Console console, CalibratingWriter.Target target)
      throws IOException {
    if (precision == Precision.FLOAT32) {
      return target.open(new VectorForm.Floats(dimension));
    }
    if (!precision.needsRanges()) {
      return target.open(new VectorForm.Quantized(Quantization.bits(precision, dimension)));
    }
    if (ranges == null) {
      return new CalibratingWriter(precision, dimension, target, console);
    }
    return target.open(
        new VectorForm.Quantized(Quantization.scalar(precision, read(ranges, dimension))));
  }

  private static ValueRanges read(Path file, int dimension) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      if (reader.rows() != 2 || reader.columns() != dimension) {
        throw CommandException.badInput(
            "%s: has shape [%d, %d], expected [2, %d]: least and greatest value of each dimension"
                .formatted(file, reader.rows(), reader.columns(), dimension));
      }
      return new ValueRanges(floats(reader.next()), floats(reader.next()));
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(file + ": " + e.getMessage());
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
