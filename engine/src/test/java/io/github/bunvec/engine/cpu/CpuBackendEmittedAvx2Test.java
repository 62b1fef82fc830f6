package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.PanelForm;

class CpuBackendEmittedAvx2Test extends EmittedBackendContract {

  CpuBackendEmittedAvx2Test() {
    super(PanelForm.AVX2);
  }
}
