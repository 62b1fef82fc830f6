package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.TensorView;

/**
 * Embedding tables on the heap.
 *
 * @param word [words, features]
 * @param position [positions, features]
 * @param tokenType the row of type 0; [features]
 */
record CpuEmbeddingTables(
    CpuBackend owner, int features, Table word, Table position, float[] tokenType)
    implements CpuHandle, EmbeddingTables {

  static CpuEmbeddingTables of(
      CpuBackend owner,
      WeightType type,
      TensorView word,
      TensorView position,
      TensorView tokenType) {
    int features = word.dim(1);
    float[] types = tokenType.toFloatArray();
    float[] row = new float[features];
    System.arraycopy(types, 0, row, 0, features);
    return new CpuEmbeddingTables(
        owner, features, Table.of(type, word), Table.of(type, position), row);
  }

  @Override
  public int words() {
    return word.rows();
  }

  @Override
  public int positions() {
    return position.rows();
  }

  long bytes() {
    return word.bytes() + position.bytes() + 4L * tokenType.length;
  }

  /** Rows of one table in the backend's weight type. */
  sealed interface Table {

    /** Rows that are read at a time. */
    int BLOCK = 256;

    static Table of(WeightType type, TensorView tensor) {
      TensorRows rows = new TensorRows(tensor);
      int features = tensor.dim(1);
      int values = Math.multiplyExact(rows.rows(), features);
      if (type == WeightType.FP32) {
        float[] table = new float[values];
        for (int row = 0; row < rows.rows(); row += BLOCK) {
          int count = Math.min(BLOCK, rows.rows() - row);
          rows.take(row, count, table, row * features);
        }
        return new Fp32(features, table);
      }
      short[] table = new short[values];
      float[] block = new float[BLOCK * features];
      for (int row = 0; row < rows.rows(); row += BLOCK) {
        int count = Math.min(BLOCK, rows.rows() - row);
        rows.take(row, count, block, 0);
        round(block, count * features, table, row * features);
      }
      return new Bf16(features, table);
    }

    private static void round(float[] block, int count, short[] table, int offset) {
      for (int i = 0; i < count; i++) {
        table[offset + i] = (short) Bfloat16.fromFloat(block[i]);
      }
    }

    int rows();

    long bytes();

    /** Copies one row to {@code out}. */
    void copyRow(int row, float[] out, int outOffset);

    /** Table in FP32; values [rows, features]. */
    record Fp32(int features, float[] values) implements Table {
      @Override
      public int rows() {
        return values.length / features;
      }

      @Override
      public long bytes() {
        return 4L * values.length;
      }

      @Override
      public void copyRow(int row, float[] out, int outOffset) {
        System.arraycopy(values, row * features, out, outOffset, features);
      }
    }

    /** Table in BF16; values [rows, features]. */
    record Bf16(int features, short[] values) implements Table {
      @Override
      public int rows() {
        return values.length / features;
      }

      @Override
      public long bytes() {
        return 2L * values.length;
      }

      @Override
      public void copyRow(int row, float[] out, int outOffset) {
        int from = row * features;
        for (int i = 0; i < features; i++) {
          out[outOffset + i] = Bfloat16.toFloat(values[from + i]);
        }
      }
    }
  }
}
