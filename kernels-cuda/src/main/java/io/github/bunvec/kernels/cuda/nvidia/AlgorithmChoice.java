package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.device.GpuException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how products of one shape are computed, so that a row has the same bits whatever the
 * number of rows is.
 *
 * <p>Each algorithm sums the inputs of an output in an order of its own. Those that give the same
 * bits for the same rows are a class. The class is decided once, by the library's own preference at
 * a few numbers of rows and not by measuring, so that it is the same in every process on one kind
 * of GPU with one version of the library; within it the fastest is taken for each number of rows.
 *
 * @param <A> an algorithm
 */
final class AlgorithmChoice<A> {

  /** Of a class so many are timed at most. */
  private static final int TIMED = 4;

  /** What a class is charged for a sample where no algorithm of it was offered. */
  private static final int ABSENT = 100;

  /** Tries algorithms. */
  interface Trials<A> {

    /** Returns algorithms for a number of rows, the most promising first. */
    List<A> candidates(int m);

    /** Returns how many different rows are multiplied; they come again and again. */
    int period();

    /**
     * Multiplies m rows.
     *
     * @return the bits of the first ones, as many as are different; nothing if the algorithm
     *     refuses so many rows, or if a later one has other bits than the first one like it
     */
    byte @Nullable [] rows(A algorithm, int m);

    /** Measures a product of m rows. */
    float milliseconds(A algorithm, int m);
  }

  private final String shape;
  private final List<Integer> samples;
  private byte @Nullable [] reference; // the rows of the class
  private final List<A> known = new ArrayList<>(); // of the class, at some sample

  /**
   * Creates the choice for a shape.
   *
   * @param shape for messages
   * @param samples numbers of rows at which classes are compared
   */
  AlgorithmChoice(String shape, List<Integer> samples) {
    this.shape = shape;
    this.samples = samples;
  }

  /**
   * Chooses.
   *
   * @param m rows
   * @param trials tries algorithms
   * @return the fastest of the class
   * @throws GpuException if the class has none for so many rows
   */
  A choose(int m, Trials<A> trials) {
    if (reference == null) {
      reference = decide(trials);
    }
    int rowBytes = reference.length / trials.period();
    byte[] expected = Arrays.copyOf(reference, rowBytes * Math.min(m, trials.period()));
    List<A> candidates = new ArrayList<>(trials.candidates(m));
    candidates.addAll(known);
    List<A> equal = new ArrayList<>();
    for (A candidate : candidates) {
      if (equal.size() < TIMED && Arrays.equals(expected, trials.rows(candidate, m))) {
        equal.add(candidate);
      }
    }
    if (equal.isEmpty()) {
      throw new GpuException(
          "cuBLASLt has no algorithm that gives %s at %d rows the bits that it has at %s; report this with the GPU's name and cuBLAS' version"
              .formatted(shape, m, samples));
    }
    return equal.size() == 1 ? equal.getFirst() : fastest(equal, m, trials);
  }

  private static <A> A fastest(List<A> equal, int m, Trials<A> trials) {
    A best = equal.getFirst();
    float least = trials.milliseconds(best, m);
    for (A other : equal.subList(1, equal.size())) {
      float found = trials.milliseconds(other, m);
      if (found < least) {
        best = other;
        least = found;
      }
    }
    return best;
  }

  /** Algorithms that give the same bits. */
  private static final class BitClass<A> {
    private final byte[] rows;
    private final List<A> algorithms = new ArrayList<>();
    private int charge;

    BitClass(byte[] rows) {
      this.rows = rows;
    }
  }

  /** Finds the class that stands best over all samples, and keeps its algorithms. */
  private byte[] decide(Trials<A> trials) {
    List<BitClass<A>> classes = new ArrayList<>();
    for (int m : samples) {
      Set<BitClass<A>> order = new LinkedHashSet<>();
      for (A algorithm : trials.candidates(m)) {
        byte[] rows = trials.rows(algorithm, m);
        if (rows != null) {
          BitClass<A> own = classOf(rows, classes);
          own.algorithms.add(algorithm);
          if (order.add(own)) {
            own.charge += order.size() - 1 - ABSENT;
          }
        }
      }
    }
    BitClass<A> best =
        classes.stream()
            .min(Comparator.comparing(each -> each.charge))
            .orElseThrow(
                () -> new GpuException("cuBLASLt has no algorithm for " + shape + " at any size"));
    known.addAll(best.algorithms);
    return best.rows;
  }

  private BitClass<A> classOf(byte[] rows, List<BitClass<A>> classes) {
    for (BitClass<A> each : classes) {
      if (Arrays.equals(each.rows, rows)) {
        return each;
      }
    }
    BitClass<A> made = new BitClass<>(rows);
    classes.add(made);
    return made;
  }
}
