/**
 * JMH benchmarks of the kernels, the encoder and the whole way; {@code bench/run} starts them.
 *
 * <p>Open because JMH reaches benchmarks by reflection.
 */
@org.jspecify.annotations.NullMarked
open module io.github.bunvec.bench {
  requires static org.jspecify;
  requires com.microsoft.onnxruntime;
  requires io.github.bunvec.engine;
  requires jdk.incubator.vector;
  requires jmh.core;
}
