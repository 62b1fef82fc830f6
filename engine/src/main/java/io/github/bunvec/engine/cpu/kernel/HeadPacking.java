package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A head's queries and values, packed for {@link AttentionTiles}.
 *
 * <p>Queries are transposed by perfect shuffles, a vector of rows at a time. To interleave the
 * upper half of a matrix's rows with the lower half makes a matrix of half as many rows, each twice
 * as wide, with neighbours of a column side by side; after log2 of such steps one row is left, the
 * transposed matrix. Two steps are done at once, since loads and stores cost as much as the
 * shuffles.
 */
final class HeadPacking {

  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** Lanes 0 0 1 1 2 2 .., alternately of one vector and of a second. */
  private static final IntVector LOWER = pairs(0);

  /** The same of the upper halves. */
  private static final IntVector UPPER = pairs(LANES / 2);

  /** Fewer rows are copied value by value: all shuffles are needed for a single one, too. */
  private static final int FEWEST_SHUFFLED = 3;

  private HeadPacking() {}

  private static IntVector pairs(int first) {
    int[] lanes = new int[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = first + i / 2 + i % 2 * LANES;
    }
    return IntVector.fromArray(INTS, lanes, 0);
  }

  /**
   * Transposes queries.
   *
   * @param m how many
   * @param width d
   * @param from [m, d]
   * @param offset where it starts
   * @param stride its leading dimension
   * @param to receives [d, m]; columns up to the next multiple of {@link VectorWidth#LANES} hold
   *     anything
   * @param toStride its leading dimension
   * @param scratch {@code d * LANES} values
   */
  static void queries(
      int m,
      int width,
      float[] from,
      int offset,
      int stride,
      float[] to,
      int toStride,
      float[] scratch) {
    for (int j = 0; j < m; j += LANES) {
      int rows = Math.min(LANES, m - j);
      if (rows >= FEWEST_SHUFFLED && width % LANES == 0) {
        transpose(rows, width, from, offset + j * stride, stride, to, j, toStride, scratch);
      } else {
        for (int row = j; row < j + rows; row++) {
          for (int p = 0; p < width; p++) {
            to[row + p * toStride] = from[offset + row * stride + p];
          }
        }
      }
    }
  }

  /** A vector of rows; behind the last one that is there it is repeated. */
  private static void transpose(
      int rows,
      int width,
      float[] from,
      int offset,
      int stride,
      float[] to,
      int toOffset,
      int toStride,
      float[] scratch) {
    boolean last = LANES == 4;
    int quarter = LANES / 4;
    for (int row = 0; row < quarter; row++) {
      interleave4(
          width,
          from,
          offset + Math.min(row, rows - 1) * stride,
          offset + Math.min(row + quarter, rows - 1) * stride,
          offset + Math.min(row + 2 * quarter, rows - 1) * stride,
          offset + Math.min(row + 3 * quarter, rows - 1) * stride,
          last ? to : scratch,
          last ? toOffset : row * 4 * width,
          last ? toStride : LANES);
    }
    int row = 4 * width;
    if (LANES == 16) {
      interleave4(row, scratch, 0, row, 2 * row, 3 * row, to, toOffset, toStride);
    } else if (LANES == 8) {
      interleave2(row, scratch, 0, row, to, toOffset, toStride);
    }
  }

  /** Four rows of n values into one, vectors {@code stride} apart. */
  private static void interleave4(
      int n,
      float[] from,
      int row0,
      int row1,
      int row2,
      int row3,
      float[] to,
      int offset,
      int stride) {
    for (int i = 0; i < n; i += LANES) {
      IntVector x0 = FloatVector.fromArray(FLOATS, from, row0 + i).reinterpretAsInts();
      IntVector x1 = FloatVector.fromArray(FLOATS, from, row1 + i).reinterpretAsInts();
      IntVector x2 = FloatVector.fromArray(FLOATS, from, row2 + i).reinterpretAsInts();
      IntVector x3 = FloatVector.fromArray(FLOATS, from, row3 + i).reinterpretAsInts();
      IntVector even = LOWER.selectFrom(x0, x2);
      IntVector odd = LOWER.selectFrom(x1, x3);
      int at = offset + i / LANES * 4 * stride;
      LOWER.selectFrom(even, odd).reinterpretAsFloats().intoArray(to, at);
      UPPER.selectFrom(even, odd).reinterpretAsFloats().intoArray(to, at + stride);
      even = UPPER.selectFrom(x0, x2);
      odd = UPPER.selectFrom(x1, x3);
      LOWER.selectFrom(even, odd).reinterpretAsFloats().intoArray(to, at + 2 * stride);
      UPPER.selectFrom(even, odd).reinterpretAsFloats().intoArray(to, at + 3 * stride);
    }
  }

  /** Two rows of n values into one, vectors {@code stride} apart. */
  private static void interleave2(
      int n, float[] from, int row0, int row1, float[] to, int offset, int stride) {
    for (int i = 0; i < n; i += LANES) {
      IntVector x0 = FloatVector.fromArray(FLOATS, from, row0 + i).reinterpretAsInts();
      IntVector x1 = FloatVector.fromArray(FLOATS, from, row1 + i).reinterpretAsInts();
      int at = offset + i / LANES * 2 * stride;
      LOWER.selectFrom(x0, x1).reinterpretAsFloats().intoArray(to, at);
      UPPER.selectFrom(x0, x1).reinterpretAsFloats().intoArray(to, at + stride);
    }
  }

  /**
   * Copies values into panels.
   *
   * @param nr columns of a panel, a multiple of 16
   * @param length L
   * @param width d
   * @param from [L, d]
   * @param offset where it starts
   * @param stride its leading dimension
   * @param to receives panels of [L, nr]; columns behind d keep what they hold
   */
  static void values(
      int nr, int length, int width, float[] from, int offset, int stride, float[] to) {
    int column = 0;
    for (; column <= width - nr; column += nr) {
      for (int part = 0; part < nr; part += LANES) {
        copy(nr, length, from, offset + column + part, stride, to, column * length + part);
      }
    }
    if (column < width) {
      for (int j = 0; j < length; j++) {
        System.arraycopy(
            from, offset + j * stride + column, to, column * length + j * nr, width - column);
      }
    }
  }

  /** One vector of each row: calls of arraycopy for so little take three times as long. */
  private static void copy(
      int nr, int length, float[] from, int offset, int stride, float[] to, int toOffset) {
    for (int j = 0; j < length; j++) {
      FloatVector.fromArray(FLOATS, from, offset + j * stride).intoArray(to, toOffset + j * nr);
    }
  }
}
