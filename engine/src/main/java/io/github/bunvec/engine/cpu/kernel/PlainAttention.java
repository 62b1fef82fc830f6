package io.github.bunvec.engine.cpu.kernel;

/**
 * The plain-loop twin of {@link Attention}: no packing, no vectors, the same bits.
 *
 * <p>It defines what that computes, and stands in for it while vectors are not compiled yet. Four
 * sums at a time, as one alone would wait for each of its additions.
 */
final class PlainAttention {

  private PlainAttention() {}

  /**
   * Computes one head over one sequence, see {@link Attention#head}.
   *
   * @param scores scratch, L rounded up to a multiple of 16
   * @param partial scratch, {@link VectorWidth#PARTIALS}
   */
  static void head(
      int queries,
      int length,
      int width,
      float[] qkv,
      int q,
      int k,
      int v,
      int stride,
      float[] out,
      int outOffset,
      int outStride,
      float[] scores,
      float[] partial) {
    float scale = (float) (1 / Math.sqrt(width));
    for (int row = 0; row < queries; row++) {
      scores(length, width, qkv, q + row * stride, k, stride, scores);
      float inverse = PlainElements.softmax(scores, 0, length, scale, partial);
      context(length, width, scores, qkv, v, stride, inverse, out, outOffset + row * outStride);
    }
  }

  private static void scores(
      int length, int width, float[] qkv, int q, int k, int stride, float[] scores) {
    int j = 0;
    for (; j <= length - 4; j += 4) {
      int k0 = k + j * stride;
      int k1 = k0 + stride;
      int k2 = k1 + stride;
      int k3 = k2 + stride;
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int p = 0; p < width; p++) {
        float x = qkv[q + p];
        s0 = Math.fma(x, qkv[k0 + p], s0);
        s1 = Math.fma(x, qkv[k1 + p], s1);
        s2 = Math.fma(x, qkv[k2 + p], s2);
        s3 = Math.fma(x, qkv[k3 + p], s3);
      }
      scores[j] = s0;
      scores[j + 1] = s1;
      scores[j + 2] = s2;
      scores[j + 3] = s3;
    }
    for (; j < length; j++) {
      float s = 0;
      for (int p = 0; p < width; p++) {
        s = Math.fma(qkv[q + p], qkv[k + j * stride + p], s);
      }
      scores[j] = s;
    }
  }

  private static void context(
      int length,
      int width,
      float[] scores,
      float[] qkv,
      int v,
      int stride,
      float inverse,
      float[] out,
      int to) {
    int i = 0;
    for (; i <= width - 4; i += 4) {
      float c0 = 0;
      float c1 = 0;
      float c2 = 0;
      float c3 = 0;
      for (int j = 0; j < length; j++) {
        int from = v + j * stride + i;
        c0 = Math.fma(scores[j], qkv[from], c0);
        c1 = Math.fma(scores[j], qkv[from + 1], c1);
        c2 = Math.fma(scores[j], qkv[from + 2], c2);
        c3 = Math.fma(scores[j], qkv[from + 3], c3);
      }
      out[to + i] = c0 * inverse;
      out[to + i + 1] = c1 * inverse;
      out[to + i + 2] = c2 * inverse;
      out[to + i + 3] = c3 * inverse;
    }
    for (; i < width; i++) {
      float c = 0;
      for (int j = 0; j < length; j++) {
        c = Math.fma(scores[j], qkv[v + j * stride + i], c);
      }
      out[to + i] = c * inverse;
    }
  }
}
