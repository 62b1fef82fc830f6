package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Kernels that compile to what {@link CodeGenerationTest} forbids; it must see that they do. */
final class BadKernels {

  private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_512;
  private static final VectorSpecies<Float> NARROW = FloatVector.SPECIES_256;

  private BadKernels() {}

  static void run(String kind, int calls) {
    int k = 64;
    float[] a = new float[7 * k];
    float[] b = new float[64 * k];
    float[] c = new float[7 * 64];
    int[] at = new int[k];
    FloatVector[] kept = new FloatVector[k];
    for (int call = 0; call < calls; call++) {
      switch (kind) {
        case "bad-512" -> spills28(k, a, b, c);
        case "bad-256" -> spills12(k, a, b, c);
        default -> {
          boxes(k, b, kept);
          checksEveryIndex(k, b, at, c);
        }
      }
    }
  }

  /** A vector that goes into an array is an object. */
  static void boxes(int k, float[] b, FloatVector[] kept) {
    FloatVector sum = FloatVector.zero(NARROW);
    for (int p = 0; p < k; p++) {
      FloatVector w = FloatVector.fromArray(NARROW, b, p * 8);
      sum = w.fma(w, sum);
      kept[p] = sum;
    }
  }

  /** Nothing is known of an index read from an array, so it is checked each time. */
  static void checksEveryIndex(int k, float[] b, int[] at, float[] c) {
    FloatVector sum = FloatVector.zero(NARROW);
    for (int p = 0; p < k; p++) {
      FloatVector w = FloatVector.fromArray(NARROW, b, at[p]);
      sum = w.fma(w, sum);
    }
    sum.intoArray(c, 0);
  }

  /** 6 x 16: 12 accumulators, 2 vectors of weights and a broadcast of sixteen registers. */
  static void spills12(int k, float[] a, float[] b, float[] c) {
    FloatVector c00 = FloatVector.zero(NARROW);
    FloatVector c01 = FloatVector.zero(NARROW);
    FloatVector c10 = FloatVector.zero(NARROW);
    FloatVector c11 = FloatVector.zero(NARROW);
    FloatVector c20 = FloatVector.zero(NARROW);
    FloatVector c21 = FloatVector.zero(NARROW);
    FloatVector c30 = FloatVector.zero(NARROW);
    FloatVector c31 = FloatVector.zero(NARROW);
    FloatVector c40 = FloatVector.zero(NARROW);
    FloatVector c41 = FloatVector.zero(NARROW);
    FloatVector c50 = FloatVector.zero(NARROW);
    FloatVector c51 = FloatVector.zero(NARROW);
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(NARROW, b, p * 16);
      FloatVector w1 = FloatVector.fromArray(NARROW, b, p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(NARROW, a[p * 6]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(NARROW, a[p * 6 + 1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(NARROW, a[p * 6 + 2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      FloatVector x3 = FloatVector.broadcast(NARROW, a[p * 6 + 3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      FloatVector x4 = FloatVector.broadcast(NARROW, a[p * 6 + 4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      FloatVector x5 = FloatVector.broadcast(NARROW, a[p * 6 + 5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
    }
    c00.intoArray(c, 0);
    c01.intoArray(c, 8);
    c10.intoArray(c, 16);
    c11.intoArray(c, 24);
    c20.intoArray(c, 32);
    c21.intoArray(c, 40);
    c30.intoArray(c, 48);
    c31.intoArray(c, 56);
    c40.intoArray(c, 64);
    c41.intoArray(c, 72);
    c50.intoArray(c, 80);
    c51.intoArray(c, 88);
  }

  /** 7 x 64: 28 accumulators, 4 vectors of weights and a broadcast of thirty-two registers. */
  static void spills28(int k, float[] a, float[] b, float[] c) {
    FloatVector c00 = FloatVector.zero(WIDE);
    FloatVector c01 = FloatVector.zero(WIDE);
    FloatVector c02 = FloatVector.zero(WIDE);
    FloatVector c03 = FloatVector.zero(WIDE);
    FloatVector c10 = FloatVector.zero(WIDE);
    FloatVector c11 = FloatVector.zero(WIDE);
    FloatVector c12 = FloatVector.zero(WIDE);
    FloatVector c13 = FloatVector.zero(WIDE);
    FloatVector c20 = FloatVector.zero(WIDE);
    FloatVector c21 = FloatVector.zero(WIDE);
    FloatVector c22 = FloatVector.zero(WIDE);
    FloatVector c23 = FloatVector.zero(WIDE);
    FloatVector c30 = FloatVector.zero(WIDE);
    FloatVector c31 = FloatVector.zero(WIDE);
    FloatVector c32 = FloatVector.zero(WIDE);
    FloatVector c33 = FloatVector.zero(WIDE);
    FloatVector c40 = FloatVector.zero(WIDE);
    FloatVector c41 = FloatVector.zero(WIDE);
    FloatVector c42 = FloatVector.zero(WIDE);
    FloatVector c43 = FloatVector.zero(WIDE);
    FloatVector c50 = FloatVector.zero(WIDE);
    FloatVector c51 = FloatVector.zero(WIDE);
    FloatVector c52 = FloatVector.zero(WIDE);
    FloatVector c53 = FloatVector.zero(WIDE);
    FloatVector c60 = FloatVector.zero(WIDE);
    FloatVector c61 = FloatVector.zero(WIDE);
    FloatVector c62 = FloatVector.zero(WIDE);
    FloatVector c63 = FloatVector.zero(WIDE);
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(WIDE, b, p * 64);
      FloatVector w1 = FloatVector.fromArray(WIDE, b, p * 64 + 16);
      FloatVector w2 = FloatVector.fromArray(WIDE, b, p * 64 + 32);
      FloatVector w3 = FloatVector.fromArray(WIDE, b, p * 64 + 48);
      FloatVector x0 = FloatVector.broadcast(WIDE, a[p * 7]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(WIDE, a[p * 7 + 1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(WIDE, a[p * 7 + 2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(WIDE, a[p * 7 + 3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
      FloatVector x4 = FloatVector.broadcast(WIDE, a[p * 7 + 4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      c42 = x4.fma(w2, c42);
      c43 = x4.fma(w3, c43);
      FloatVector x5 = FloatVector.broadcast(WIDE, a[p * 7 + 5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      c52 = x5.fma(w2, c52);
      c53 = x5.fma(w3, c53);
      FloatVector x6 = FloatVector.broadcast(WIDE, a[p * 7 + 6]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      c62 = x6.fma(w2, c62);
      c63 = x6.fma(w3, c63);
    }
    c00.intoArray(c, 0);
    c01.intoArray(c, 16);
    c02.intoArray(c, 32);
    c03.intoArray(c, 48);
    c10.intoArray(c, 64);
    c11.intoArray(c, 80);
    c12.intoArray(c, 96);
    c13.intoArray(c, 112);
    c20.intoArray(c, 128);
    c21.intoArray(c, 144);
    c22.intoArray(c, 160);
    c23.intoArray(c, 176);
    c30.intoArray(c, 192);
    c31.intoArray(c, 208);
    c32.intoArray(c, 224);
    c33.intoArray(c, 240);
    c40.intoArray(c, 256);
    c41.intoArray(c, 272);
    c42.intoArray(c, 288);
    c43.intoArray(c, 304);
    c50.intoArray(c, 320);
    c51.intoArray(c, 336);
    c52.intoArray(c, 352);
    c53.intoArray(c, 368);
    c60.intoArray(c, 384);
    c61.intoArray(c, 400);
    c62.intoArray(c, 416);
    c63.intoArray(c, 432);
  }
}
