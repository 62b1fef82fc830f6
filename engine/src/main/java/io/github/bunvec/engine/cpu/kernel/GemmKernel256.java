package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of 256-bit vectors: a register tile of 4 x 16, 8 accumulators.
 *
 * <p>AVX2 has sixteen registers: 4 x 2 accumulators on arrays neither spill nor wait; most other
 * tiles do one or the other on some processor.
 */
final class GemmKernel256 implements GemmKernel {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;

  /** Kept in a field: as a literal C2 loads it from memory again at every use. */
  private static final IntVector UPPER_HALF = IntVector.broadcast(INTS, 0xFFFF0000);

  @Override
  public int lanes() {
    return 8;
  }

  @Override
  public int rows() {
    return 4;
  }

  @Override
  public int columns() {
    return 16;
  }

  @Override
  public void panel(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      tile4(
          k,
          a,
          aOffset + i * lda,
          lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          initStride,
          c,
          cOffset + i * ldc,
          ldc);
    }
    for (; i + 2 <= m; i += 2) {
      tile2(
          k,
          a,
          aOffset + i * lda,
          lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          initStride,
          c,
          cOffset + i * ldc,
          ldc);
    }
    if (i < m) {
      tile1(
          k,
          a,
          aOffset + i * lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          c,
          cOffset + i * ldc);
    }
  }

  @Override
  public void panelBf16(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      tile4Bf16(
          k,
          a,
          aOffset + i * lda,
          lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          initStride,
          c,
          cOffset + i * ldc,
          ldc);
    }
    for (; i + 2 <= m; i += 2) {
      tile2Bf16(
          k,
          a,
          aOffset + i * lda,
          lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          initStride,
          c,
          cOffset + i * ldc,
          ldc);
    }
    if (i < m) {
      tile1Bf16(
          k,
          a,
          aOffset + i * lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          c,
          cOffset + i * ldc);
    }
  }

  /** 4 x 16, 8 accumulators. */
  private static void tile4(
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 8);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 8);
  }

  /** 2 x 16, 4 accumulators. */
  private static void tile2(
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int a1 = aOffset + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
  }

  /** 1 x 16, 2 accumulators. */
  private static void tile1(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      float[] c,
      int cOffset) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
  }

  /** 4 x 16, 8 accumulators, weights in bfloat16 pairs. */
  private static void tile4Bf16(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 8);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 8);
  }

  /** 2 x 16, 4 accumulators, weights in bfloat16 pairs. */
  private static void tile2Bf16(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int a1 = aOffset + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
  }

  /** 1 x 16, 2 accumulators, weights in bfloat16 pairs. */
  private static void tile1Bf16(
      int k,
      float[] a,
      int aOffset,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      float[] c,
      int cOffset) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
  }
}
