/**
 * JMH benchmarks of the kernels, the encoder and the whole way, started by {@code bench/run}, and
 * the comparison with other runtimes, started by {@code bench/peers}.
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
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;
  requires org.bytedeco.dnnl;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;

  uses io.github.bunvec.engine.spi.BackendProvider;
}
