package io.github.bunvec.kernels.cuda;

import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.launch.Matrix;

/**
 * A pass over a bucket, recorded.
 *
 * @param memory where everything lies
 * @param graph the work
 * @param result what is handed out, in F32
 */
record RecordedPass(PassMemory memory, GpuStream.Graph graph, Matrix result)
    implements AutoCloseable {

  @Override
  public void close() {
    graph.close();
  }
}
