package io.github.bunvec.bench.gpu;

import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static org.bytedeco.cuda.global.cudart.CU_EVENT_DEFAULT;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;

import io.github.bunvec.bench.peers.Statistics;
import io.github.bunvec.kernels.cuda.device.GpuException;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/**
 * What the seam {@code device} does not offer: copies on the device, its properties, and a stream
 * for cuBLASLt's own choice of algorithms. The context is the one {@code NvidiaGpu} has, so that
 * addresses are valid in both. For one thread.
 */
final class NvidiaDevice implements AutoCloseable {

  private static final float NANOS_PER_MILLISECOND = 1e6f;

  private final int device;
  private final CUctx_st context = new CUctx_st();
  private final CUstream_st stream = new CUstream_st();
  private final CUevent_st first = new CUevent_st();
  private final CUevent_st last = new CUevent_st();

  /**
   * Takes a GPU of a driver that was started.
   *
   * @param number the GPU's
   */
  NvidiaDevice(int number) {
    int[] value = new int[1];
    check(cudart.cuDeviceGet(value, number), "cuDeviceGet");
    device = value[0];
    check(cudart.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
    use();
    check(cudart.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    check(cudart.cuEventCreate(first, CU_EVENT_DEFAULT), "cuEventCreate");
    check(cudart.cuEventCreate(last, CU_EVENT_DEFAULT), "cuEventCreate");
  }

  private void use() {
    check(cudart.cuCtxSetCurrent(context), "cuCtxSetCurrent");
  }

  private static void check(int result, String call) {
    if (result != CUDA_SUCCESS) {
      BytePointer name = new BytePointer();
      boolean known = cudart.cuGetErrorName(result, name) == CUDA_SUCCESS;
      throw new GpuException(call + " failed: " + (known ? name.getString() : "error " + result));
    }
  }

  /** Returns the CUDA version that the driver supports. */
  static String driverVersion() {
    int[] value = new int[1];
    check(cudart.cuDriverGetVersion(value), "cuDriverGetVersion");
    return value[0] / 1000 + "." + value[0] % 1000 / 10;
  }

  /** Returns cuBLASLt's version, of which 130200 is 13.2.0. */
  static String cublasLtVersion() {
    long version = cublas.cublasLtGetVersion();
    return version / 10_000 + "." + version % 10_000 / 100 + "." + version % 100;
  }

  /** Returns the size of the second-level cache in bytes. */
  int cacheBytes() {
    return attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
  }

  /** Returns the number of multiprocessors. */
  int multiprocessors() {
    return attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  private int attribute(int which) {
    int[] value = new int[1];
    check(cudart.cuDeviceGetAttribute(value, which, device), "cuDeviceGetAttribute");
    return value[0];
  }

  /** Returns where {@link #medianNanos} has its work queued. */
  CUstream_st stream() {
    use();
    return stream;
  }

  /** Queues a copy on the device. */
  void copy(long to, long from, long bytes) {
    use();
    check(cudart.cuMemcpyDtoDAsync(to, from, bytes, stream), "cuMemcpyDtoDAsync");
  }

  /**
   * Measures what is queued, recorded and launched as one.
   *
   * @param rounds how often
   * @param before is queued before each measurement, so that the device is at work until what is
   *     measured is queued
   * @param work queues it on {@link #stream}
   * @return nanoseconds by the device's clock
   */
  double medianNanos(int rounds, Runnable before, Runnable work) {
    use();
    work.run(); // loads what it needs
    await();
    CUgraphExec_st graph = record(work);
    try {
      launch(graph);
      await();
      double[] nanos = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        before.run();
        check(cudart.cuEventRecord(first, stream), "cuEventRecord");
        launch(graph);
        check(cudart.cuEventRecord(last, stream), "cuEventRecord");
        await();
        float[] milliseconds = new float[1];
        check(cudart.cuEventElapsedTime(milliseconds, first, last), "cuEventElapsedTime");
        nanos[round] = (double) milliseconds[0] * NANOS_PER_MILLISECOND;
      }
      return Statistics.median(nanos);
    } finally {
      check(cudart.cuGraphExecDestroy(graph), "cuGraphExecDestroy");
    }
  }

  private CUgraphExec_st record(Runnable work) {
    check(
        cudart.cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture");
    CUgraph_st graph = new CUgraph_st();
    int result;
    try {
      work.run();
    } finally {
      result = cudart.cuStreamEndCapture(stream, graph);
    }
    check(result, "cuStreamEndCapture");
    try {
      CUgraphExec_st executable = new CUgraphExec_st();
      check(cudart.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
      return executable;
    } finally {
      check(cudart.cuGraphDestroy(graph), "cuGraphDestroy");
    }
  }

  private void launch(CUgraphExec_st graph) {
    check(cudart.cuGraphLaunch(graph, stream), "cuGraphLaunch");
  }

  private void await() {
    check(cudart.cuStreamSynchronize(stream), "cuStreamSynchronize");
  }

  @Override
  public void close() {
    use();
    await();
    check(cudart.cuEventDestroy(first), "cuEventDestroy");
    check(cudart.cuEventDestroy(last), "cuEventDestroy");
    check(cudart.cuStreamDestroy(stream), "cuStreamDestroy");
    check(cudart.cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease");
  }
}
