package io.github.bunvec.engine.cpu.emit;

/** A tile register of AMX: up to 16 rows of 64 bytes. */
record Tile(int number) {

  Tile {
    if (number < 0 || number > 7) {
      throw new IllegalArgumentException("there is no register tmm" + number);
    }
  }
}
