package io.github.bunvec.engine.cpu.kernel;

/**
 * The micro-kernels of 128-bit vectors: register tiles of up to 6 x 16.
 *
 * <p>Laid out for the thirty-two registers of aarch64; with sixteen the larger ones spill.
 */
final class GemmKernel128 implements GemmKernel {

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
    for (int i = 0; i < m; ) {
      int rows = GemmKernel.rowsOfTile(m - i, 6);
      tile(
          rows,
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
      i += rows;
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
    for (int i = 0; i < m; ) {
      int rows = GemmKernel.rowsOfTile(m - i, 5);
      tileBf16(
          rows,
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
      i += rows;
    }
  }

  private static void tile(
      int rows,
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
    switch (rows) {
      case 6 ->
          Fp32Tiles128.rows6(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 5 ->
          Fp32Tiles128.rows5(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 4 ->
          Fp32Tiles128.rows4(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 3 ->
          Fp32Tiles128.rows3(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 2 ->
          Fp32Tiles128.rows2(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      default -> Fp32Tiles128.rows1(k, a, aOffset, b, bOffset, init, initOffset, c, cOffset);
    }
  }

  private static void tileBf16(
      int rows,
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
    switch (rows) {
      case 5 ->
          Bf16Tiles128.rows5(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 4 ->
          Bf16Tiles128.rows4(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 3 ->
          Bf16Tiles128.rows3(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      case 2 ->
          Bf16Tiles128.rows2(
              k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      default -> Bf16Tiles128.rows1(k, a, aOffset, b, bOffset, init, initOffset, c, cOffset);
    }
  }
}
