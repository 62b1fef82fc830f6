package io.github.bunvec.engine.cpu.emit;

/** The instructions that multiply BF16, with the shape of the kernels made of them. */
public enum Bf16Instruction {
  /** VDPBF16PS of AVX512_BF16: Zen 4 and later, Cooper Lake, Sapphire Rapids and later. */
  DOT_PRODUCT("VDPBF16PS", DotProductCode.ROWS, DotProductCode.COLUMNS, 2),

  /** TDPBF16PS of AMX: Sapphire Rapids and later. */
  TILES("TDPBF16PS", TileCode.ROWS, TileCode.COLUMNS, TileCode.STEP);

  private final String mnemonic;
  final int rows; // of the largest register tile
  final int columns; // of a panel
  final int step; // values of k that a step of the kernel takes

  Bf16Instruction(String mnemonic, int rows, int columns, int step) {
    this.mnemonic = mnemonic;
    this.rows = rows;
    this.columns = columns;
    this.step = step;
  }

  /**
   * Returns its name in the manual.
   *
   * @return the mnemonic
   */
  public String mnemonic() {
    return mnemonic;
  }

  /** Returns how many cache lines the weights of a step are. */
  int linesPerStep() {
    return step * columns * 2 / 64;
  }

  /** Returns K as the kernel sees it: the rest is zeros. */
  int depth(int k) {
    return Math.ceilDiv(k, step) * step;
  }
}
