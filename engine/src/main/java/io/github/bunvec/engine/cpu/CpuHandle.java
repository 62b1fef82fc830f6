package io.github.bunvec.engine.cpu;

/** What a backend has laid out: of use to that backend alone. */
sealed interface CpuHandle permits CpuLinear, CpuLayerNorm, CpuEmbeddingTables {

  CpuBackend owner();
}
