package io.github.bunvec.engine;

import java.util.Locale;

/**
 * How close two vectors are; greater is closer.
 *
 * <p>The functions and names of sentence-transformers' {@code similarity_fn_name}.
 */
public enum Similarity {
  /** {@code a . b / (|a| |b|)}; 0 if either is 0. */
  COSINE,
  /** {@code a . b}. */
  DOT,
  /** {@code -|a - b|}. */
  EUCLIDEAN,
  /** {@code -sum |a_i - b_i|}. */
  MANHATTAN;

  /**
   * Compares two vectors, in double precision.
   *
   * @param a a vector
   * @param b a vector of the same length
   * @return how close they are
   * @throws IllegalArgumentException if the lengths differ
   */
  public double of(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " values");
    }
    double dot = 0;
    double aa = 0;
    double bb = 0;
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < a.length; i++) {
      double x = a[i];
      double y = b[i];
      dot += x * y;
      aa += x * x;
      bb += y * y;
      squares += (x - y) * (x - y);
      differences += Math.abs(x - y);
    }
    return switch (this) {
      case COSINE -> aa == 0 || bb == 0 ? 0 : dot / (Math.sqrt(aa) * Math.sqrt(bb));
      case DOT -> dot;
      case EUCLIDEAN -> -Math.sqrt(squares);
      case MANHATTAN -> -differences;
    };
  }

  /**
   * Returns the name in sentence-transformers.
   *
   * @return for example {@code cosine}
   */
  public String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Similarity ofName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
