/**
 * The CUDA backend's provider. Exports nothing to users: it is found as a service. The benchmarks
 * measure its parts.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the benchmarks are compiled after it
module io.github.bunvec.kernels.cuda {
  requires static org.jspecify;
  requires io.github.bunvec.engine;
  requires org.bytedeco.cuda;

  // Native bindings, found as resources; without this nothing would bring their modules in.
  requires org.bytedeco.cuda.linux.x86_64;
  requires org.bytedeco.javacpp.linux.x86_64;

  exports io.github.bunvec.kernels.cuda to
      io.github.bunvec.bench;
  exports io.github.bunvec.kernels.cuda.device to
      io.github.bunvec.bench;
  exports io.github.bunvec.kernels.cuda.launch to
      io.github.bunvec.bench;
  exports io.github.bunvec.kernels.cuda.nvidia to
      io.github.bunvec.bench;

  provides io.github.bunvec.engine.spi.BackendProvider with
      io.github.bunvec.kernels.cuda.CudaBackendProvider;
}
