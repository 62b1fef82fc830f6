package io.github.bunvec.bench.peers;

/** All layers of a {@link GemmWork} in one call. */
abstract class GemmTask implements Task {

  @Override
  public final int calls() {
    return 1;
  }

  @Override
  public final void run(int call) {
    multiply();
  }

  @Override
  public final float[][] result() {
    return new float[][] {meanOfLast()};
  }

  /** Runs all layers. */
  abstract void multiply();

  /** Returns the mean row of the last layer's output; not timed. */
  abstract float[] meanOfLast();
}
