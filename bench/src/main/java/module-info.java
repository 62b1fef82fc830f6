/**
 * JMH benchmarks of the kernels, the encoder and the whole way, started by {@code bench/run}, the
 * comparison with other runtimes, started by {@code bench/peers}, and what a GPU reaches, started
 * by {@code bench/gpu}.
 *
 * <p>Open because JMH reaches benchmarks, and picocli options, by reflection.
 */
@org.jspecify.annotations.NullMarked
open module io.github.bunvec.bench {
  requires static org.jspecify;
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires com.google.gson;
  requires com.microsoft.onnxruntime;
  requires info.picocli;
  requires io.github.bunvec.engine;
  requires io.github.bunvec.kernels.cuda;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;
  requires org.bytedeco.cuda;
  requires org.bytedeco.dnnl;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;

  uses io.github.bunvec.engine.spi.BackendProvider;

  provides io.github.bunvec.engine.spi.BackendProvider with
      io.github.bunvec.bench.gpu.MeasuredBackendProvider;
}
