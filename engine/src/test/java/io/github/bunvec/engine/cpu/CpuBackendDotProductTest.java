package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.Bf16Instruction;

class CpuBackendDotProductTest extends Bf16BackendContract {

  CpuBackendDotProductTest() {
    super(Bf16Instruction.DOT_PRODUCT);
  }
}
