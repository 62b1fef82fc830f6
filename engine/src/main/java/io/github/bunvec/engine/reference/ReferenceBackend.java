package io.github.bunvec.engine.reference;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.TensorView;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The model in plain loops, all arithmetic in double, one sequence after another.
 *
 * <p>This is what the other backends are tested against, and the page to read first. It takes no
 * care of speed or memory.
 */
final class ReferenceBackend implements Backend {

  /** Weights [out][in] and bias [out]. */
  record Matrix(double[][] weight, double[] bias) implements Linear {
    @Override
    public int inFeatures() {
      return weight[0].length;
    }

    @Override
    public int outFeatures() {
      return bias.length;
    }
  }

  /** Weight and bias of a normalisation; [features]. */
  record Norm(double[] weight, double[] bias, double eps) implements LayerNorm {
    @Override
    public int features() {
      return weight.length;
    }
  }

  /** Tables [rows][features]. */
  record Tables(double[][] word, double[][] position, double[] tokenType)
      implements EmbeddingTables {
    @Override
    public int features() {
      return tokenType.length;
    }

    @Override
    public int words() {
      return word.length;
    }

    @Override
    public int positions() {
      return position.length;
    }
  }

  private final WeightType weightType;
  private final AtomicLong bytes = new AtomicLong();

  ReferenceBackend(WeightType weightType) {
    this.weightType = weightType;
  }

  @Override
  public String description() {
    return "reference, plain loops in double precision, 1 thread";
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public Linear linear(List<TensorView> weights, List<TensorView> biases) {
    int outputs = weights.stream().mapToInt(weight -> weight.dim(0)).sum();
    double[][] stacked = new double[outputs][];
    double[] bias = new double[outputs];
    int j = 0;
    for (int part = 0; part < weights.size(); part++) {
      double[][] rows = rounded(weights.get(part));
      double[] partBias = biases.isEmpty() ? new double[rows.length] : vector(biases.get(part));
      for (int row = 0; row < rows.length; row++, j++) {
        stacked[j] = rows[row];
        bias[j] = partBias[row];
      }
    }
    return new Matrix(stacked, bias);
  }

  @Override
  public LayerNorm layerNorm(TensorView weight, TensorView bias, double eps) {
    return new Norm(vector(weight), vector(bias), eps);
  }

  @Override
  public EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType) {
    return new Tables(rounded(word), rounded(position), rows(tokenType)[0]);
  }

  @Override
  public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
    for (int i = 0; i < batch.sequences(); i++) {
      ReferenceOps ops = new ReferenceOps(batch, i);
      pass.run(ops);
      out[i] = ops.result();
    }
  }

  @Override
  public long memoryBytes() {
    return bytes.get();
  }

  @Override
  public void close() {}

  private double[] vector(TensorView tensor) {
    float[] values = tensor.toFloatArray();
    bytes.addAndGet(8L * values.length);
    double[] vector = new double[values.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values[i];
    }
    return vector;
  }

  private double[][] rows(TensorView tensor) {
    double[] values = vector(tensor);
    double[][] rows = new double[tensor.dim(0)][tensor.dim(1)];
    for (int i = 0; i < values.length; i++) {
      rows[i / tensor.dim(1)][i % tensor.dim(1)] = values[i];
    }
    return rows;
  }

  /** Rows as the weight type keeps them. */
  private double[][] rounded(TensorView tensor) {
    double[][] rows = rows(tensor);
    if (weightType == WeightType.BF16) {
      for (double[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          row[i] = bfloat16((float) row[i]);
        }
      }
    }
    return rows;
  }

  /** The nearest of the two neighbouring bfloat16 values, the even one of equally near ones. */
  static float bfloat16(float x) {
    if (!Float.isFinite(x)) {
      return x;
    }
    int below = Float.floatToRawIntBits(x) & 0xFFFF0000;
    double down = Math.abs((double) x - Float.intBitsToFloat(below));
    double up = Math.abs((double) x - Float.intBitsToFloat(below + 0x10000));
    boolean odd = (below & 0x10000) != 0;
    return Float.intBitsToFloat(down < up || (down == up && !odd) ? below : below + 0x10000);
  }
}
