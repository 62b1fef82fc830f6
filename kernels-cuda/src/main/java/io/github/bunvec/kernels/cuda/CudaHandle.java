package io.github.bunvec.kernels.cuda;

/** What a backend has laid out, valid with it alone. */
sealed interface CudaHandle permits CudaLinear, CudaLayerNorm, CudaEmbeddingTables {

  /** Returns the backend that made it. */
  CudaBackend owner();
}
