/** The CUDA backend's provider. Exports nothing: it is found as a service. */
@org.jspecify.annotations.NullMarked
module io.github.bunvec.kernels.cuda {
  requires static org.jspecify;
  requires io.github.bunvec.engine;

  provides io.github.bunvec.engine.spi.BackendProvider with
      io.github.bunvec.kernels.cuda.CudaBackendProvider;
}
