package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.spi.WeightType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a linear layer in the order the micro-kernels read them, with the bias beside.
 *
 * <pre>
 *   checkpoint  W [n][k], row-major: one row per output
 *   FP32        [n / nr][k][nr] floats: panel j holds outputs j nr .. (j + 1) nr, k rows of nr
 *   BF16        [n / nr][k][nr / 2] ints, two weights each ({@link GemmKernel#panelBf16})
 *   bias        [n rounded up to nr]
 * </pre>
 *
 * <p>The last panel is filled with zero columns, so that no kernel has an edge in n; they give
 * zeros in C. Packed once at load: reading the checkpoint's order instead is slower (decision
 * 0004).
 */
public final class PackedMatrix {

  private final int k;
  private final int n;
  private final int nr;
  private final float @Nullable [] fp32;
  private final int @Nullable [] bf16;
  private final float[] bias;

  private PackedMatrix(
      int k, int n, int nr, float @Nullable [] fp32, int @Nullable [] bf16, float[] bias) {
    this.k = k;
    this.n = n;
    this.nr = nr;
    this.fp32 = fp32;
    this.bf16 = bf16;
    this.bias = bias;
  }

  /**
   * Packs a layer in FP32.
   *
   * @param kernel what will read it
   * @param k the number of inputs
   * @param weights matrices to stack, each [outputs, k] row-major
   * @param bias [sum of outputs]
   * @return the packed layer
   */
  public static PackedMatrix fp32(GemmKernel kernel, int k, List<float[]> weights, float[] bias) {
    return pack(kernel, WeightType.FP32, k, rows(weights, k), bias);
  }

  /**
   * Packs a layer in BF16; weights are rounded to nearest even.
   *
   * @param kernel what will read it
   * @param k the number of inputs
   * @param weights matrices to stack, each [outputs, k] row-major
   * @param bias [sum of outputs]; stays FP32
   * @return the packed layer
   */
  public static PackedMatrix bf16(GemmKernel kernel, int k, List<float[]> weights, float[] bias) {
    return pack(kernel, WeightType.BF16, k, rows(weights, k), bias);
  }

  /**
   * Packs a layer that is read piece by piece; memory needed beside the result is that of a panel.
   *
   * @param kernel what will read it
   * @param type how weights are kept; for BF16 they are rounded to nearest even
   * @param k the number of inputs
   * @param weights matrices to stack, each [outputs, k]
   * @param bias [sum of outputs]; stays FP32
   * @return the packed layer
   */
  public static PackedMatrix pack(
      GemmKernel kernel, WeightType type, int k, List<WeightRows> weights, float[] bias) {
    int nr = kernel.columns();
    int n = bias.length;
    int values = Math.multiplyExact(roundUp(n, nr), k);
    float[] padded = Arrays.copyOf(bias, roundUp(n, nr));
    if (type == WeightType.FP32) {
      float[] packed = new float[values];
      WeightPacking.forEachPanel(
          k,
          nr,
          n,
          weights,
          (panel, rows) -> WeightPacking.fp32(rows, k, nr, packed, panel * k * nr));
      return new PackedMatrix(k, n, nr, packed, null, padded);
    }
    int[] packed = new int[values / 2];
    WeightPacking.forEachPanel(
        k,
        nr,
        n,
        weights,
        (panel, rows) ->
            WeightPacking.bf16(rows, k, nr, kernel.lanes(), packed, panel * k * (nr / 2)));
    return new PackedMatrix(k, n, nr, null, packed, padded);
  }

  private static List<WeightRows> rows(List<float[]> weights, int k) {
    return weights.stream().map(values -> WeightRows.of(values, k)).toList();
  }

  /**
   * Returns K.
   *
   * @return the number of inputs
   */
  public int inFeatures() {
    return k;
  }

  /**
   * Returns N.
   *
   * @return the number of outputs
   */
  public int outFeatures() {
    return n;
  }

  /**
   * Returns how many panels there are.
   *
   * @return N divided by NR, rounded up
   */
  public int panels() {
    return bias.length / nr;
  }

  /**
   * Returns the memory its arrays take.
   *
   * @return bytes
   */
  public long bytes() {
    return 4L * (bias.length + (fp32 == null ? 0 : fp32.length) + (bf16 == null ? 0 : bf16.length));
  }

  /**
   * Multiplies rows by one part of one panel: {@code C = (p == 0 ? bias : C) + A[.., p .. p +
   * depth] W^T}.
   */
  void multiply(
      GemmKernel kernel,
      int panel,
      int p,
      int depth,
      int m,
      float[] a,
      int aOffset,
      int lda,
      float[] c,
      int cOffset,
      int ldc) {
    assert kernel.columns() == nr;
    float[] init = p == 0 ? bias : c;
    int initOffset = p == 0 ? panel * nr : cOffset;
    int initStride = p == 0 ? 0 : ldc;
    int row = panel * k + p;
    if (fp32 != null) {
      kernel.panel(
          m,
          depth,
          a,
          aOffset + p,
          lda,
          fp32,
          row * nr,
          init,
          initOffset,
          initStride,
          c,
          cOffset,
          ldc);
    } else if (bf16 != null) {
      kernel.panelBf16(
          m,
          depth,
          a,
          aOffset + p,
          lda,
          bf16,
          row * (nr / 2),
          init,
          initOffset,
          initStride,
          c,
          cOffset,
          ldc);
    }
  }

  private static int roundUp(int values, int multiple) {
    return Math.ceilDiv(values, multiple) * multiple;
  }
}
