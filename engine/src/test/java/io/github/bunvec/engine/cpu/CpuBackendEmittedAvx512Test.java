package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.PanelForm;

class CpuBackendEmittedAvx512Test extends EmittedBackendContract {

  CpuBackendEmittedAvx512Test() {
    super(PanelForm.AVX512);
  }
}
