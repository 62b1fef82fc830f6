package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of 128-bit vectors: a register tile of 6 x 16, 24 accumulators.
 *
 * <p>Meant for the thirty-two 128-bit registers of aarch64; on x86-64 every processor with FMA has
 * wider vectors.
 */
final class GemmKernel128 implements GemmKernel {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128;

  /** Kept in a field: as a literal C2 loads it from memory again at every use. */
  private static final IntVector UPPER_HALF = IntVector.broadcast(INTS, 0xFFFF0000);

  @Override
  public int lanes() {
    return 4;
  }

  @Override
  public int rows() {
    return 6;
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
    for (; i + 6 <= m; i += 6) {
      tile6(
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
    for (; i + 6 <= m; i += 6) {
      tile6Bf16(
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

  /** 6 x 16, 24 accumulators. */
  private static void tile6(
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 4);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 12);
    int i4 = i3 + initStride;
    FloatVector c40 = FloatVector.fromArray(FLOATS, init, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, init, i4 + 4);
    FloatVector c42 = FloatVector.fromArray(FLOATS, init, i4 + 8);
    FloatVector c43 = FloatVector.fromArray(FLOATS, init, i4 + 12);
    int i5 = i4 + initStride;
    FloatVector c50 = FloatVector.fromArray(FLOATS, init, i5);
    FloatVector c51 = FloatVector.fromArray(FLOATS, init, i5 + 4);
    FloatVector c52 = FloatVector.fromArray(FLOATS, init, i5 + 8);
    FloatVector c53 = FloatVector.fromArray(FLOATS, init, i5 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    int a5 = a4 + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 4);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bp + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + p]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + p]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 4);
    c32.intoArray(c, o3 + 8);
    c33.intoArray(c, o3 + 12);
    int o4 = o3 + ldc;
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + 4);
    c42.intoArray(c, o4 + 8);
    c43.intoArray(c, o4 + 12);
    int o5 = o4 + ldc;
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + 4);
    c52.intoArray(c, o5 + 8);
    c53.intoArray(c, o5 + 12);
  }

  /** 2 x 16, 8 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int a1 = aOffset + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 4);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bp + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
  }

  /** 1 x 16, 4 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bp);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bp + 4);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, bp + 8);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, bp + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      bp += 16;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
  }

  /** 6 x 16, 24 accumulators, weights in bfloat16 pairs. */
  private static void tile6Bf16(
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 4);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 12);
    int i4 = i3 + initStride;
    FloatVector c40 = FloatVector.fromArray(FLOATS, init, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, init, i4 + 4);
    FloatVector c42 = FloatVector.fromArray(FLOATS, init, i4 + 8);
    FloatVector c43 = FloatVector.fromArray(FLOATS, init, i4 + 12);
    int i5 = i4 + initStride;
    FloatVector c50 = FloatVector.fromArray(FLOATS, init, i5);
    FloatVector c51 = FloatVector.fromArray(FLOATS, init, i5 + 4);
    FloatVector c52 = FloatVector.fromArray(FLOATS, init, i5 + 8);
    FloatVector c53 = FloatVector.fromArray(FLOATS, init, i5 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    int a5 = a4 + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector w1 = IntVector.fromArray(INTS, b, bp + 4);
      FloatVector b2 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b3 = w1.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + p]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + p]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 4);
    c32.intoArray(c, o3 + 8);
    c33.intoArray(c, o3 + 12);
    int o4 = o3 + ldc;
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + 4);
    c42.intoArray(c, o4 + 8);
    c43.intoArray(c, o4 + 12);
    int o5 = o4 + ldc;
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + 4);
    c52.intoArray(c, o5 + 8);
    c53.intoArray(c, o5 + 12);
  }

  /** 2 x 16, 8 accumulators, weights in bfloat16 pairs. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int a1 = aOffset + lda;
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector w1 = IntVector.fromArray(INTS, b, bp + 4);
      FloatVector b2 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b3 = w1.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
  }

  /** 1 x 16, 4 accumulators, weights in bfloat16 pairs. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int bp = bOffset;
    for (int p = 0; p < k; p++) {
      IntVector w0 = IntVector.fromArray(INTS, b, bp);
      FloatVector b0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b1 = w0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector w1 = IntVector.fromArray(INTS, b, bp + 4);
      FloatVector b2 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector b3 = w1.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      bp += 8;
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
  }
}
