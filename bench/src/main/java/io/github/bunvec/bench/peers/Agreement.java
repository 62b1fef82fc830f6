package io.github.bunvec.bench.peers;

/** How close results must be before anyone is timed: only equal work may be compared. */
enum Agreement {

  /** The same arithmetic in FP32: every value within 1e-4. */
  FP32 {
    @Override
    void require(String name, float[][] found, float[][] expected) {
      double worst = 0;
      for (int i = 0; i < expected.length; i++) {
        for (int j = 0; j < expected[i].length; j++) {
          double difference = Math.abs((double) found[i][j] - expected[i][j]);
          // Not Math.max: a NaN must fail too.
          worst = difference <= worst ? worst : difference;
        }
      }
      if (!(worst <= TOLERANCE)) {
        throw new IllegalStateException(
            name + " differs from bunvec in FP32 by " + worst + ", expected at most " + TOLERANCE);
      }
    }
  },

  /** Weights or more rounded to BF16: every cosine at least 0.999. */
  BF16 {
    @Override
    void require(String name, float[][] found, float[][] expected) {
      double least = 1;
      for (int i = 0; i < expected.length; i++) {
        double cosine = cosine(found[i], expected[i]);
        least = cosine >= least ? least : cosine;
      }
      if (!(least >= LEAST_COSINE)) {
        throw new IllegalStateException(
            name + " has a cosine of " + least + " to bunvec in FP32, expected " + LEAST_COSINE);
      }
    }
  };

  private static final double TOLERANCE = 1e-4;
  private static final double LEAST_COSINE = 0.999;

  /**
   * Refuses results that are not the same work's.
   *
   * @param name whose
   * @param found the results
   * @param expected bunvec's in FP32
   * @throws IllegalStateException with the greatest difference
   */
  abstract void require(String name, float[][] found, float[][] expected);

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < b.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
