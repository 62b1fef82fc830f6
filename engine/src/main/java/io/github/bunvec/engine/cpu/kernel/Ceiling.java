package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The fastest a core can multiply and add: loops that only do so, in registers.
 *
 * <p>Twelve independent chains cover the latency of two FMA units and fit sixteen registers;
 * machines with four units need more chains and have thirty-two registers. The warm-up chooses the
 * better of both. The chain runs through the addend, as in a GEMM: C2 overwrites that operand of an
 * FMA, and would copy any other first.
 */
public final class Ceiling {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private static final float X = 0.5f;
  private static final float Y = 0.25f;
  private static final int STEPS = 20_000;

  /** GFLOP/s that only compiled loops reach, on any machine. */
  private static final double COMPILED = 2;

  private static final int ROUNDS = 20;

  private static volatile int chains = 12;

  private interface Loop {
    float run(int steps);
  }

  private Ceiling() {}

  /**
   * Returns the FLOPs of a loop: 2 per chain, lane and step.
   *
   * @param chains how many chains
   * @param steps how many steps
   * @return FLOPs
   */
  public static double flops(int chains, int steps) {
    return 2.0 * chains * FLOATS.length() * steps;
  }

  /**
   * Waits until both loops are compiled and finds out which of them is the faster: before, every
   * vector is an object and the rate a thousandth.
   *
   * @throws IllegalStateException if they are not within half a minute
   */
  public static void warmUp() {
    long start = System.nanoTime();
    while (rate(Ceiling::twelve, 12) < COMPILED || rate(Ceiling::twentyFour, 24) < COMPILED) {
      if (System.nanoTime() - start > 30_000_000_000L) {
        throw new IllegalStateException(
            "the FMA loops stay below " + COMPILED + " GFLOP/s; are there vectors at all?");
      }
    }
    double few = 0;
    double many = 0;
    for (int i = 0; i < ROUNDS; i++) {
      few = Math.max(few, rate(Ceiling::twelve, 12));
      many = Math.max(many, rate(Ceiling::twentyFour, 24));
    }
    chains = many > few ? 24 : 12;
  }

  /**
   * Measures the calling thread, the average over an interval.
   *
   * <p>An average and not the best moment: what is divided by it is an average, too, and on a
   * machine with neighbours both lose the same share of their time.
   *
   * @param nanos how long, in nanoseconds
   * @return GFLOP/s
   */
  public static double gflops(long nanos) {
    int count = chains;
    Loop loop = count == 24 ? Ceiling::twentyFour : Ceiling::twelve;
    double flops = 0;
    long start = System.nanoTime();
    long elapsed;
    do {
      run(loop, count);
      flops += flops(count, STEPS);
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return flops / elapsed;
  }

  private static double rate(Loop loop, int count) {
    long start = System.nanoTime();
    run(loop, count);
    return flops(count, STEPS) / (System.nanoTime() - start);
  }

  private static void run(Loop loop, int count) {
    float sum = loop.run(STEPS);
    // Looking at the sum also keeps the loop from being removed. All steps are exact in float.
    float expected = count * (count + 1) / 2f + count * STEPS * X * Y;
    if (sum != expected) {
      throw new IllegalStateException("the chains sum to " + sum + ", expected " + expected);
    }
  }

  /**
   * Runs 12 chains.
   *
   * @param steps how many steps
   * @return the sum of the chains
   */
  public static float twelve(int steps) {
    FloatVector x = FloatVector.broadcast(FLOATS, X);
    FloatVector y = FloatVector.broadcast(FLOATS, Y);
    FloatVector a0 = FloatVector.broadcast(FLOATS, 1f);
    FloatVector a1 = FloatVector.broadcast(FLOATS, 2f);
    FloatVector a2 = FloatVector.broadcast(FLOATS, 3f);
    FloatVector a3 = FloatVector.broadcast(FLOATS, 4f);
    FloatVector a4 = FloatVector.broadcast(FLOATS, 5f);
    FloatVector a5 = FloatVector.broadcast(FLOATS, 6f);
    FloatVector a6 = FloatVector.broadcast(FLOATS, 7f);
    FloatVector a7 = FloatVector.broadcast(FLOATS, 8f);
    FloatVector a8 = FloatVector.broadcast(FLOATS, 9f);
    FloatVector a9 = FloatVector.broadcast(FLOATS, 10f);
    FloatVector a10 = FloatVector.broadcast(FLOATS, 11f);
    FloatVector a11 = FloatVector.broadcast(FLOATS, 12f);
    for (int i = 0; i < steps; i++) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
      a10 = x.fma(y, a10);
      a11 = x.fma(y, a11);
    }
    a0 = a0.add(a1).add(a2.add(a3));
    a4 = a4.add(a5).add(a6.add(a7));
    a8 = a8.add(a9).add(a10.add(a11));
    return a0.add(a4).add(a8).lane(0);
  }

  /**
   * Runs 24 chains.
   *
   * @param steps how many steps
   * @return the sum of the chains
   */
  public static float twentyFour(int steps) {
    FloatVector x = FloatVector.broadcast(FLOATS, X);
    FloatVector y = FloatVector.broadcast(FLOATS, Y);
    FloatVector a0 = FloatVector.broadcast(FLOATS, 1f);
    FloatVector a1 = FloatVector.broadcast(FLOATS, 2f);
    FloatVector a2 = FloatVector.broadcast(FLOATS, 3f);
    FloatVector a3 = FloatVector.broadcast(FLOATS, 4f);
    FloatVector a4 = FloatVector.broadcast(FLOATS, 5f);
    FloatVector a5 = FloatVector.broadcast(FLOATS, 6f);
    FloatVector a6 = FloatVector.broadcast(FLOATS, 7f);
    FloatVector a7 = FloatVector.broadcast(FLOATS, 8f);
    FloatVector a8 = FloatVector.broadcast(FLOATS, 9f);
    FloatVector a9 = FloatVector.broadcast(FLOATS, 10f);
    FloatVector a10 = FloatVector.broadcast(FLOATS, 11f);
    FloatVector a11 = FloatVector.broadcast(FLOATS, 12f);
    FloatVector a12 = FloatVector.broadcast(FLOATS, 13f);
    FloatVector a13 = FloatVector.broadcast(FLOATS, 14f);
    FloatVector a14 = FloatVector.broadcast(FLOATS, 15f);
    FloatVector a15 = FloatVector.broadcast(FLOATS, 16f);
    FloatVector a16 = FloatVector.broadcast(FLOATS, 17f);
    FloatVector a17 = FloatVector.broadcast(FLOATS, 18f);
    FloatVector a18 = FloatVector.broadcast(FLOATS, 19f);
    FloatVector a19 = FloatVector.broadcast(FLOATS, 20f);
    FloatVector a20 = FloatVector.broadcast(FLOATS, 21f);
    FloatVector a21 = FloatVector.broadcast(FLOATS, 22f);
    FloatVector a22 = FloatVector.broadcast(FLOATS, 23f);
    FloatVector a23 = FloatVector.broadcast(FLOATS, 24f);
    for (int i = 0; i < steps; i++) {
      a0 = x.fma(y, a0);
      a1 = x.fma(y, a1);
      a2 = x.fma(y, a2);
      a3 = x.fma(y, a3);
      a4 = x.fma(y, a4);
      a5 = x.fma(y, a5);
      a6 = x.fma(y, a6);
      a7 = x.fma(y, a7);
      a8 = x.fma(y, a8);
      a9 = x.fma(y, a9);
      a10 = x.fma(y, a10);
      a11 = x.fma(y, a11);
      a12 = x.fma(y, a12);
      a13 = x.fma(y, a13);
      a14 = x.fma(y, a14);
      a15 = x.fma(y, a15);
      a16 = x.fma(y, a16);
      a17 = x.fma(y, a17);
      a18 = x.fma(y, a18);
      a19 = x.fma(y, a19);
      a20 = x.fma(y, a20);
      a21 = x.fma(y, a21);
      a22 = x.fma(y, a22);
      a23 = x.fma(y, a23);
    }
    a0 = a0.add(a1).add(a2.add(a3));
    a4 = a4.add(a5).add(a6.add(a7));
    a8 = a8.add(a9).add(a10.add(a11));
    a12 = a12.add(a13).add(a14.add(a15));
    a16 = a16.add(a17).add(a18.add(a19));
    a20 = a20.add(a21).add(a22.add(a23));
    return a0.add(a4).add(a8).add(a12).add(a16).add(a20).lane(0);
  }
}
