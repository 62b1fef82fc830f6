package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.launch.Matrix;

/**
 * Where everything of a pass over a bucket lies in a lane's memory.
 *
 * <pre>
 *   input    shape [2], ids [tokens], positions [tokens], cuSeqlens [sequences + 1], firstPooled [sequences]: ints, one copy
 *   tokens   the slots with a row per token, in the type of the backend's arithmetic
 *   rows     the slots with a row per sequence, in F32
 *   narrow   a row per sequence in BF16, what F32 rows are cast to before they are multiplied
 *   result   a row per token in F32, where token rows are handed out and have another type
 * </pre>
 */
final class PassMemory {

  private static final int BORDER = 256;

  private final Bucket bucket;
  private final ElementType type;
  private final long base;
  private final long ids;
  private final long positions;
  private final long cuSeqlens;
  private final long firstPooled;
  private final long inputBytes;
  private final long tokenSlots;
  private final long sequenceSlots;
  private final long narrow;
  private final long result;
  private final long bytes;

  /**
   * Lays out.
   *
   * @param base where the memory begins; 0 to learn how much is needed
   * @param type of token rows
   */
  PassMemory(long base, Bucket bucket, ElementType type, ForwardPass pass, PassSurvey survey) {
    this.base = base;
    this.bucket = bucket;
    this.type = type;
    long at = 0;
    at = border(at + 2 * Integer.BYTES);
    ids = at;
    at = border(at + (long) bucket.tokens() * Integer.BYTES);
    positions = at;
    at = border(at + (long) bucket.tokens() * Integer.BYTES);
    cuSeqlens = at;
    at = border(at + (bucket.sequences() + 1L) * Integer.BYTES);
    firstPooled = at;
    at = border(at + (long) bucket.sequences() * Integer.BYTES);
    inputBytes = at;
    tokenSlots = at;
    at = border(at + (long) bucket.tokens() * pass.valuesPerToken() * type.bytes());
    sequenceSlots = at;
    at = border(at + (long) bucket.sequences() * pass.valuesPerSequence() * Float.BYTES);
    boolean wide = type == ElementType.F32;
    narrow = at;
    at += wide ? 0 : (long) bucket.sequences() * survey.widestInput() * type.bytes();
    at = border(at);
    result = at;
    boolean cast = !wide && survey.result().rows() == Slot.Rows.TOKENS;
    at += cast ? (long) bucket.tokens() * survey.result().stride() * Float.BYTES : 0;
    bytes = border(at);
  }

  private static long border(long at) {
    return (at + BORDER - 1) / BORDER * BORDER;
  }

  Bucket bucket() {
    return bucket;
  }

  ElementType type() {
    return type;
  }

  long bytes() {
    return bytes;
  }

  /** How much of the beginning is input. */
  long inputBytes() {
    return inputBytes;
  }

  // Offsets of the input.

  long ids() {
    return ids;
  }

  long positions() {
    return positions;
  }

  long cuSeqlens() {
    return cuSeqlens;
  }

  long firstPooled() {
    return firstPooled;
  }

  /** The address of something at an offset. */
  long address(long offset) {
    return base + offset;
  }

  Matrix matrix(Slot slot) {
    boolean tokens = slot.rows() == Slot.Rows.TOKENS;
    ElementType element = tokens ? type : ElementType.F32;
    int most = tokens ? bucket.tokens() : bucket.sequences();
    long begin = tokens ? tokenSlots : sequenceSlots;
    return new Matrix(
        element,
        base + begin + (long) slot.offset() * most * element.bytes(),
        slot.width(),
        slot.stride(),
        most,
        base + (tokens ? 0 : Integer.BYTES));
  }

  /** A row per sequence in BF16, as wide as another matrix. */
  Matrix narrow(Matrix like) {
    return new Matrix(
        ElementType.BF16, base + narrow, like.width(), like.stride(), like.most(), like.count());
  }

  /** A row per token in F32, as wide as another matrix. */
  Matrix result(Matrix like) {
    return new Matrix(
        ElementType.F32, base + result, like.width(), like.stride(), like.most(), like.count());
  }
}
