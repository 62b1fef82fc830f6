package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;

/** Launches embed.cu. */
public final class Embed {

  /**
   * The tables, all of one type and stride.
   *
   * @param words rows of the word table
   * @param word its address
   * @param positions rows of the position table
   * @param position its address
   * @param tokenType address of the row of type 0
   * @param stride from row to row, in values
   */
  public record Tables(
      int words, long word, int positions, long position, long tokenType, int stride) {}

  private Embed() {}

  /**
   * {@code out = LN((word[id] + tokenType) + position[p])}.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param tables the tables, of the type of {@code out}
   * @param ids address of [tokens] ints
   * @param positions address of [tokens] ints
   * @param norm the normalisation
   * @param out receives the rows
   */
  public static void launch(
      Gpu gpu, GpuStream stream, Tables tables, long ids, long positions, Norm norm, Matrix out) {
    norm.requireWidth(out);
    stream.launch(
        gpu.kernel("embed", "embed_" + out.type().suffix()),
        Launches.rows(out.most()),
        tables.word(),
        tables.stride(),
        tables.tokenType(),
        tables.position(),
        tables.stride(),
        ids,
        positions,
        out.width(),
        norm.gamma(),
        norm.beta(),
        norm.epsBits(),
        out.address(),
        out.stride(),
        out.count());
  }
}
