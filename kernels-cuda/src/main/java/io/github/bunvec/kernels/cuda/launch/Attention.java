package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import java.util.List;

/** Launches attention.cu, or attention_any.cu for head widths that has not. */
public final class Attention {

  private static final List<Integer> WIDTHS = List.of(32, 64, 128);

  private static final int MOST = 1024; // attention_any.cu

  private static final int QUERIES = 16; // of a tile
  private static final int WARPS = 4; // of a block, a tile each
  private static final int BLOCK = 128;

  private Attention() {}

  /**
   * {@code out = softmax(q k^T / sqrt(width)) v}.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param qkv query, key and value side by side, a row per token
   * @param heads the number of heads
   * @param cuSeqlens address of [sequences + 1] ints
   * @param shape address of two ints: tokens, sequences
   * @param sequences how many there may be
   * @param first whether the first tokens alone are computed
   * @param out a row per token of the type of {@code qkv}, or for first tokens per sequence in F32
   */
  public static void launch(
      Gpu gpu,
      GpuStream stream,
      Matrix qkv,
      int heads,
      long cuSeqlens,
      long shape,
      int sequences,
      boolean first,
      Matrix out) {
    int width = out.width() / heads;
    Launches.requireWidth("query, key and value", qkv.width(), 3 * out.width());
    if (width > MOST) {
      throw new IllegalArgumentException(
          "a head is %d values wide, the backend cuda takes up to %d; use the backend cpu"
              .formatted(width, MOST));
    }
    boolean tiled = WIDTHS.contains(width);
    ElementType type = qkv.type();
    String kind = (first ? "first_" : "") + (tiled ? width + "_" : "");
    String ending = first && type == ElementType.BF16 ? "bf16_f32" : type.suffix();
    if (tiled) {
      int tiles = first ? sequences : qkv.most() / QUERIES + sequences;
      stream.launch(
          gpu.kernel("attention", "attention_" + kind + ending),
          new Grid(Math.ceilDiv(tiles, WARPS), heads, BLOCK),
          qkv.address(),
          qkv.stride(),
          cuSeqlens,
          shape,
          out.address(),
          out.stride());
    } else {
      int queries = first ? sequences : qkv.most();
      stream.launch(
          gpu.kernel("attention_any", "attention_any_" + kind + ending),
          new Grid(Math.ceilDiv(queries, WARPS), heads, BLOCK),
          qkv.address(),
          qkv.stride(),
          width,
          cuSeqlens,
          shape,
          out.address(),
          out.stride());
    }
  }
}
