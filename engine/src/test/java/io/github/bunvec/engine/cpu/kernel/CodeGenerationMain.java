package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.spi.Activation;

/**
 * Runs kernels until C2 has compiled them: {@link CodeGenerationTest} starts it in a JVM that
 * prints the code.
 *
 * <p>Arguments: 512, 256 or 128, the tiles of that width; {@code elementwise}, the kernels that use
 * the widest vectors there are; {@code bad-512}, {@code bad-256}, {@code bad}, those of {@link
 * BadKernels}.
 */
final class CodeGenerationMain {

  /** C2 alone compiles a method after 5,000 calls, one with long loops sooner. */
  private static final int CALLS = 8_000;

  private static final int K = 64;

  private CodeGenerationMain() {}

  public static void main(String[] kinds) {
    for (String kind : kinds) {
      switch (kind) {
        case "elementwise" -> elementwise();
        case "bad-512", "bad-256", "bad" -> BadKernels.run(kind, CALLS);
        default -> tiles(GemmKernel.ofBits(Integer.parseInt(kind)));
      }
    }
  }

  /** Rows 1 to MR each take a tile of their own, or two, of both kinds of weights. */
  private static void tiles(GemmKernel kernel) {
    int rows = kernel.rows();
    int columns = kernel.columns();
    float[] a = new float[rows * K];
    float[] b = new float[K * columns];
    int[] pairs = new int[K * columns / 2];
    float[] bias = new float[columns];
    float[] c = new float[rows * columns];
    AttentionTiles attention = AttentionTiles.of(kernel);
    int group = attention.columns();
    float[] keys = new float[K * K];
    float[] panel = new float[K * group];
    float[] scores = new float[K * group];
    float[] context = new float[group * group];
    for (int call = 0; call < CALLS; call++) {
      for (int m = 1; m <= rows; m++) {
        kernel.panel(m, K, a, 0, K, b, 0, bias, 0, 0, c, 0, columns);
        kernel.panelBf16(m, K, a, 0, K, pairs, 0, bias, 0, 0, c, 0, columns);
      }
      attention.scores(group, 8, K, keys, 0, K, panel, scores);
      attention.scores(1, 8, K, keys, 0, K, panel, scores);
      attention.context(8, K, scores, panel, 0, bias, context, 0, group);
    }
  }

  private static void elementwise() {
    int n = 128;
    float[] x = new float[2 * n];
    float[] y = new float[2 * n];
    float[] weight = new float[n];
    float[] bias = new float[n];
    float[] partial = new float[2 * VectorWidth.PARTIALS];
    int head = 64;
    float[] matrix = new float[16 * head];
    float[] packed = new float[16 * head];
    float[] scratch = new float[16 * head];
    float[] inverse = new float[2 * 16];
    for (int call = 0; call < CALLS; call++) {
      Activations.apply(Activation.GELU, 1, n, x, 0, n);
      HeadPacking.queries(16, head, matrix, 0, head, packed, 16, scratch);
      HeadPacking.values(16, 16, head, matrix, 0, head, packed);
      Softmax.exponentiate(head, 16, packed, 16, 1, inverse);
      LayerNormKernel.addAndNormalize(n, x, 0, y, 0, weight, bias, 1e-5f, partial);
      LayerNormPair.addAndNormalize(n, x, 0, n, y, 0, n, weight, bias, 1e-5f, partial);
      LayerNormKernel.normalize(n, y, 0, weight, bias, 1e-5f, partial);
    }
  }
}
