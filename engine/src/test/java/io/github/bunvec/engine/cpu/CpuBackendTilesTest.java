package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.Bf16Instruction;

class CpuBackendTilesTest extends Bf16BackendContract {

  CpuBackendTilesTest() {
    super(Bf16Instruction.TILES);
  }
}
