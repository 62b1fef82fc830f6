package io.github.bunvec.engine.reference;

import io.github.bunvec.engine.reference.ReferenceBackend.Matrix;
import io.github.bunvec.engine.reference.ReferenceBackend.Norm;
import io.github.bunvec.engine.reference.ReferenceBackend.Tables;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.PoolingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations for one sequence, as their formulas say. A slot is its own matrix:
 * [tokens][width], or [1][width] where it has a row per sequence.
 */
final class ReferenceOps implements Ops {

  /** A slot, whichever of its first values are read. */
  private record Place(Slot.Rows rows, int offset, int stride) {
    static Place of(Slot slot) {
      return new Place(slot.rows(), slot.offset(), slot.stride());
    }
  }

  private final PackedBatch batch;
  private final int begin; // the sequence's first row in the batch
  private final int tokens;
  private final int skipped;
  private final Map<Place, double[][]> slots = new HashMap<>();
  private float[] result = {};

  ReferenceOps(PackedBatch batch, int sequence) {
    this.batch = batch;
    this.begin = batch.cuSeqlens()[sequence];
    this.tokens = batch.length(sequence);
    this.skipped = batch.firstPooled(sequence);
  }

  float[] result() {
    return result;
  }

  @Override
  public void embed(EmbeddingTables tables, LayerNorm norm, Slot out) {
    Tables t = (Tables) tables;
    double[][] x = new double[tokens][out.width()];
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < out.width(); j++) {
        x[i][j] =
            t.word()[batch.ids()[begin + i]][j]
                + t.tokenType()[j]
                + t.position()[batch.positions()[begin + i]][j];
      }
      normalize(x[i], (Norm) norm);
    }
    write(out, x);
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot out) {
    Matrix m = (Matrix) linear;
    double[][] x = read(in);
    double[][] y = new double[x.length][out.width()];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.width(); j++) {
        double sum = m.bias()[j];
        for (int k = 0; k < in.width(); k++) {
          sum += x[i][k] * m.weight()[j][k];
        }
        y[i][j] = activation.at(sum);
      }
    }
    write(out, y);
  }

  @Override
  public void attention(Slot qkv, int heads, Slot out) {
    double[][] x = read(qkv);
    int hidden = out.width();
    int width = hidden / heads;
    double[][] y = new double[out.rows() == Slot.Rows.TOKENS ? tokens : 1][hidden];
    for (int head = 0; head < heads; head++) {
      int q = head * width;
      for (int i = 0; i < y.length; i++) {
        double[] weights = attentionWeights(x, i, q, q + hidden, width);
        for (int j = 0; j < tokens; j++) {
          for (int d = 0; d < width; d++) {
            y[i][q + d] += weights[j] * x[j][q + 2 * hidden + d];
          }
        }
      }
    }
    write(out, y);
  }

  /** softmax over j of q_i . k_j / sqrt(width). */
  private double[] attentionWeights(double[][] x, int i, int q, int k, int width) {
    double[] weights = new double[tokens];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < tokens; j++) {
      for (int d = 0; d < width; d++) {
        weights[j] += x[i][q + d] * x[j][k + d];
      }
      weights[j] /= Math.sqrt(width);
      max = Math.max(max, weights[j]);
    }
    double sum = 0;
    for (int j = 0; j < tokens; j++) {
      weights[j] = Math.exp(weights[j] - max);
      sum += weights[j];
    }
    for (int j = 0; j < tokens; j++) {
      weights[j] /= sum;
    }
    return weights;
  }

  @Override
  public void addLayerNorm(Slot in, LayerNorm norm, Slot residual) {
    double[][] x = read(in);
    double[][] y = read(residual);
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < residual.width(); j++) {
        y[i][j] += x[i][j];
      }
      normalize(y[i], (Norm) norm);
    }
  }

  @Override
  public void layerNorm(LayerNorm norm, Slot x) {
    for (double[] row : read(x)) {
      normalize(row, (Norm) norm);
    }
  }

  @Override
  public void accumulate(Slot in, float factor, boolean first, Slot out) {
    double[][] x = read(in);
    if (first) {
      write(out, new double[x.length][out.width()]);
    }
    double[][] y = read(out);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.width(); j++) {
        y[i][j] += factor * x[i][j];
      }
    }
  }

  @Override
  public void pool(Slot in, List<PoolingMode> modes, Slot out) {
    double[][] x = read(in);
    double[] vector = new double[out.width()];
    for (int m = 0; m < modes.size(); m++) {
      for (int j = 0; j < in.width(); j++) {
        vector[m * in.width() + j] = pooled(modes.get(m), x, j);
      }
    }
    write(out, new double[][] {vector});
  }

  private double pooled(PoolingMode mode, double[][] x, int column) {
    double sum = 0;
    double weighted = 0;
    double weights = 0;
    double max = skipped == 0 ? Double.NEGATIVE_INFINITY : -1e9;
    for (int i = skipped; i < tokens; i++) {
      sum += x[i][column];
      weighted += (i + 1) * x[i][column];
      weights += i + 1;
      max = Math.max(max, x[i][column]);
    }
    int count = tokens - skipped;
    return switch (mode) {
      case CLS -> x[0][column];
      case MAX -> max;
      case MEAN -> sum / Math.max(count, 1e-9);
      case MEAN_SQRT_LEN -> sum / Math.sqrt(Math.max(count, 1e-9));
      case WEIGHTED_MEAN -> weighted / Math.max(weights, 1e-9);
      case LAST_TOKEN -> count == 0 ? 0 : x[tokens - 1][column];
    };
  }

  @Override
  public void normalize(Slot x) {
    for (double[] row : read(x)) {
      double norm = 0;
      for (int j = 0; j < x.width(); j++) {
        norm += row[j] * row[j];
      }
      norm = Math.max(Math.sqrt(norm), 1e-12);
      for (int j = 0; j < x.width(); j++) {
        row[j] /= norm;
      }
    }
  }

  @Override
  public void rows(Slot in) {
    double[][] x = read(in);
    result = new float[x.length * in.width()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) x[i / in.width()][i % in.width()];
    }
  }

  private void write(Slot slot, double[][] matrix) {
    slots.put(Place.of(slot), matrix);
  }

  private double[][] read(Slot slot) {
    double[][] x = slots.get(Place.of(slot));
    if (x == null || x[0].length < slot.width()) {
      throw new IllegalStateException(slot + " is read before it is written");
    }
    return x;
  }

  private static void normalize(double[] x, Norm norm) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double scale = 1 / Math.sqrt(variance + norm.eps());
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - mean) * scale * norm.weight()[i] + norm.bias()[i];
    }
  }
}
