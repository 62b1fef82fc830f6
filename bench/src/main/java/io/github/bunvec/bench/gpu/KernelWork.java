package io.github.bunvec.bench.gpu;

import io.github.bunvec.kernels.cuda.device.ElementType;

/**
 * What a kernel must do at least, by its contract: bytes between the device's memory and its
 * processors, each read or written once, and operations of matrix products, 2 for a product that is
 * added. Nothing else is counted: on every GPU moving the bytes takes longer.
 *
 * @param type what its products are of
 * @param bytes bytes
 * @param flops operations; 0 for a kernel without products
 */
record KernelWork(ElementType type, double bytes, double flops) {

  private static final int INT = 4;
  private static final int FLOAT = 4;

  /**
   * The sizes of a packed batch in a layer.
   *
   * @param tokens all of them
   * @param length of a sequence, all alike
   * @param hidden width of a token's row
   */
  record Rows(int tokens, int length, int hidden) {

    /** Checks that sequences are whole. */
    Rows {
      if (length < 1 || tokens < length || tokens % length != 0 || hidden < 1) {
        throw new IllegalArgumentException(
            "%d tokens in sequences of %d; expected a multiple".formatted(tokens, length));
      }
    }

    int sequences() {
      return tokens / length;
    }

    private double values() {
      return (double) tokens * hidden;
    }

    private double pooled() {
      return (double) sequences() * hidden;
    }

    private double borders() {
      return (sequences() + 1.0) * INT;
    }
  }

  private static KernelWork moving(ElementType type, double bytes) {
    return new KernelWork(type, bytes, 0);
  }

  /** Gamma and beta. */
  private static double norm(Rows rows) {
    return 2.0 * rows.hidden() * FLOAT;
  }

  /** embed.cu, where every token has another word: ids and positions, rows of tables, the sum. */
  static KernelWork embed(ElementType type, Rows rows) {
    double tables = (rows.tokens() + rows.length() + 1.0) * rows.hidden();
    return moving(
        type, 2.0 * rows.tokens() * INT + (tables + rows.values()) * type.bytes() + norm(rows));
  }

  /** add_layer_norm.cu: two rows in, one out. */
  static KernelWork addLayerNorm(ElementType type, Rows rows) {
    return moving(type, 3 * rows.values() * type.bytes() + norm(rows));
  }

  /** The other kernel of add_layer_norm.cu: a row in and out. */
  static KernelWork layerNorm(ElementType type, Rows rows) {
    return moving(type, 2 * rows.values() * type.bytes() + norm(rows));
  }

  /** activation.cu without a bias: a row in and out; {@code rows} are as wide as the layer. */
  static KernelWork activation(ElementType type, Rows rows) {
    return moving(type, 2 * rows.values() * type.bytes());
  }

  /** accumulate.cu where there is something to add to: two rows in, one out. */
  static KernelWork accumulate(ElementType type, Rows rows) {
    return moving(type, 3 * rows.values() * type.bytes());
  }

  /** cast.cu: FP32 in and BF16 out, or the other way round. */
  static KernelWork cast(ElementType type, Rows rows) {
    return moving(type, rows.values() * (ElementType.F32.bytes() + ElementType.BF16.bytes()));
  }

  /** pool.cu with one mode: all rows in, one per sequence out. */
  static KernelWork pool(ElementType type, Rows rows) {
    double skipped = (double) rows.sequences() * INT;
    return moving(
        type, rows.values() * type.bytes() + rows.pooled() * FLOAT + rows.borders() + skipped);
  }

  /** normalize.cu on the row of each sequence, in FP32: in and out. */
  static KernelWork normalize(Rows rows) {
    return moving(ElementType.F32, 2 * rows.pooled() * FLOAT);
  }

  /** attention.cu: query, key and value in, one row out; two products of length x length. */
  static KernelWork attention(ElementType type, Rows rows) {
    return new KernelWork(
        type,
        4 * rows.values() * type.bytes() + rows.borders(),
        4.0 * rows.length() * rows.values());
  }

  /** attention.cu for first tokens: keys and values of all, one query and FP32 row each. */
  static KernelWork attentionFirst(ElementType type, Rows rows) {
    return new KernelWork(
        type,
        (2 * rows.values() + rows.pooled()) * type.bytes() + rows.pooled() * FLOAT + rows.borders(),
        4 * rows.values());
  }

  /** A linear layer: inputs, weights and bias in, outputs out. */
  static KernelWork linear(ElementType type, int m, int n, int k) {
    double values = (double) m * k + (double) n * k + (double) m * n + n;
    return new KernelWork(type, values * type.bytes(), 2.0 * m * n * k);
  }

  /** Returns how long it takes at least, in nanoseconds. */
  double floorNanos(Ceilings ceilings) {
    return 1e9 * Math.max(bytes / ceilings.bandwidth(), flops / ceilings.flops(type));
  }

  /** Whether its products are what takes longest, and not its bytes. */
  boolean boundByProducts(Ceilings ceilings) {
    return flops / ceilings.flops(type) > bytes / ceilings.bandwidth();
  }
}
