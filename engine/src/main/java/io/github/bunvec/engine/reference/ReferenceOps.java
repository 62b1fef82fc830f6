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
 * The operations for one sequence, as their formulas say. A slot is its own matrix [tokens][width].
 */
final class ReferenceOps implements Ops {

  private final PackedBatch batch;
  private final int begin; // the sequence's first row in the batch
  private final int tokens;
  private final Map<Slot, double[][]> slots = new HashMap<>();
  private float[] result = {};

  ReferenceOps(PackedBatch batch, int sequence) {
    this.batch = batch;
    this.begin = batch.cuSeqlens()[sequence];
    this.tokens = batch.length(sequence);
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
    slots.put(out, x);
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot out) {
    Matrix m = (Matrix) linear;
    double[][] x = read(in);
    double[][] y = new double[tokens][out.width()];
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < out.width(); j++) {
        double sum = m.bias()[j];
        for (int k = 0; k < in.width(); k++) {
          sum += x[i][k] * m.weight()[j][k];
        }
        y[i][j] = activation.at(sum);
      }
    }
    slots.put(out, y);
  }

  @Override
  public void attention(Slot qkv, int heads, Slot out) {
    double[][] x = read(qkv);
    int hidden = out.width();
    int width = hidden / heads;
    double[][] y = new double[tokens][hidden];
    for (int head = 0; head < heads; head++) {
      int q = head * width;
      for (int i = 0; i < tokens; i++) {
        double[] weights = attentionWeights(x, i, q, q + hidden, width);
        for (int j = 0; j < tokens; j++) {
          for (int d = 0; d < width; d++) {
            y[i][q + d] += weights[j] * x[j][q + 2 * hidden + d];
          }
        }
      }
    }
    slots.put(out, y);
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
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < residual.width(); j++) {
        y[i][j] += x[i][j];
      }
      normalize(y[i], (Norm) norm);
    }
  }

  @Override
  public void pool(Slot in, List<PoolingMode> modes, boolean normalize) {
    double[][] x = read(in);
    double[] vector = new double[modes.size() * in.width()];
    for (int m = 0; m < modes.size(); m++) {
      for (int j = 0; j < in.width(); j++) {
        vector[m * in.width() + j] = pooled(modes.get(m), x, j);
      }
    }
    double norm = 0;
    for (double value : vector) {
      norm += value * value;
    }
    norm = normalize ? Math.max(Math.sqrt(norm), 1e-12) : 1;
    result = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      result[i] = (float) (vector[i] / norm);
    }
  }

  private double pooled(PoolingMode mode, double[][] x, int column) {
    double sum = 0;
    double weighted = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < tokens; i++) {
      sum += x[i][column];
      weighted += (i + 1) * x[i][column];
      max = Math.max(max, x[i][column]);
    }
    return switch (mode) {
      case CLS -> x[0][column];
      case MAX -> max;
      case MEAN -> sum / tokens;
      case MEAN_SQRT_LEN -> sum / Math.sqrt(tokens);
      case WEIGHTED_MEAN -> weighted / (tokens * (tokens + 1.0) / 2);
      case LAST_TOKEN -> x[tokens - 1][column];
    };
  }

  @Override
  public void rows(Slot in) {
    double[][] x = read(in);
    result = new float[tokens * in.width()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) x[i / in.width()][i % in.width()];
    }
  }

  private double[][] read(Slot slot) {
    double[][] x = slots.get(slot);
    if (x == null) {
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
