package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cudart.CU_EVENT_DEFAULT;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;

import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/** A stream of the driver's, with a workspace for cuBLASLt. */
final class NvidiaStream implements GpuStream {

  private static final float NANOS_PER_MILLISECOND = 1e6f;

  private final Context context;
  private final CublasLt cublasLt;
  private final Products products;
  private final CUstream_st stream = new CUstream_st();
  private final CUevent_st first = new CUevent_st();
  private final CUevent_st last = new CUevent_st();
  private final Resources resources = new Resources();
  private long workspace;

  private record Recording(CUgraphExec_st executable, Context context) implements Graph {
    @Override
    public void close() {
      context.use();
      context.check(cudart.cuGraphExecDestroy(executable), "cuGraphExecDestroy");
    }
  }

  NvidiaStream(Context context, CublasLt cublasLt, Products products) {
    this.context = context;
    this.cublasLt = cublasLt;
    this.products = products;
    try {
      open();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private void open() {
    workspace = context.allocate(CublasLt.WORKSPACE);
    resources.add(() -> context.free(workspace));
    // Not blocking: it never waits for the legacy stream, which others in this process may use.
    context.check(cudart.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    resources.add(() -> context.check(cudart.cuStreamDestroy(stream), "cuStreamDestroy"));
    open(first);
    open(last);
  }

  private void open(CUevent_st event) {
    context.check(cudart.cuEventCreate(event, CU_EVENT_DEFAULT), "cuEventCreate");
    resources.add(() -> context.check(cudart.cuEventDestroy(event), "cuEventDestroy"));
  }

  @Override
  public long bytes() {
    return CublasLt.WORKSPACE;
  }

  @Override
  public void copyIn(long to, MemorySegment from, long bytes) {
    context.use();
    context.check(
        cudart.cuMemcpyHtoDAsync(to, Address.of(from), bytes, stream), "cuMemcpyHtoDAsync");
  }

  @Override
  public void copyOut(MemorySegment to, long from, long bytes) {
    context.use();
    context.check(
        cudart.cuMemcpyDtoHAsync(Address.of(to), from, bytes, stream), "cuMemcpyDtoHAsync");
  }

  /** Fills memory with zeros. */
  void clear(long address, long bytes) {
    context.use();
    context.check(cudart.cuMemsetD8Async(address, (byte) 0, bytes, stream), "cuMemsetD8Async");
  }

  @Override
  public void launch(long kernel, Grid grid, long... arguments) {
    context.use();
    try (Arena arena = Arena.ofConfined()) {
      // The driver copies each parameter's own bytes; little-endian, so that an int is the first of
      // a long.
      MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, arguments);
      MemorySegment places = arena.allocate(ValueLayout.JAVA_LONG, arguments.length);
      for (int i = 0; i < arguments.length; i++) {
        long place = values.address() + (long) i * Long.BYTES;
        places.setAtIndex(ValueLayout.JAVA_LONG, i, place);
      }
      int result =
          cudart.cuLaunchKernel(
              new CUfunc_st(new Address(kernel)),
              grid.x(),
              grid.y(),
              1,
              grid.block(),
              1,
              1,
              0,
              stream,
              Address.slot(places),
              Address.slot(MemorySegment.NULL));
      context.check(result, "cuLaunchKernel");
    }
  }

  @Override
  public void multiply(Product product) {
    multiply(product, products.algorithm(product));
  }

  /** Queues a product by an algorithm of the caller's choice. */
  void multiply(Product product, Algorithm algorithm) {
    context.use();
    cublasLt.multiply(product, algorithm, workspace, stream);
  }

  @Override
  public Graph capture(Runnable work) {
    context.use();
    // What other threads do meanwhile, such as allocating, does not concern the recording.
    context.check(
        cudart.cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuStreamBeginCapture");
    CUgraph_st graph = new CUgraph_st();
    try (Resources recorded = new Resources()) {
      record(work, graph, recorded);
      CUgraphExec_st executable = new CUgraphExec_st();
      context.check(cudart.cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
      return new Recording(executable, context);
    }
  }

  /** Records until the work ends, well or not. */
  private void record(Runnable work, CUgraph_st graph, Resources recorded) {
    int result;
    try {
      work.run();
    } finally {
      result = cudart.cuStreamEndCapture(stream, graph);
      if (!graph.isNull()) {
        recorded.add(() -> context.check(cudart.cuGraphDestroy(graph), "cuGraphDestroy"));
      }
    }
    context.check(result, "cuStreamEndCapture");
  }

  @Override
  public void launch(Graph graph) {
    context.use();
    context.check(cudart.cuGraphLaunch(((Recording) graph).executable(), stream), "cuGraphLaunch");
  }

  @Override
  public void start() {
    context.use();
    context.check(cudart.cuEventRecord(first, stream), "cuEventRecord");
  }

  @Override
  public void await() {
    context.use();
    context.check(cudart.cuStreamSynchronize(stream), "cuStreamSynchronize");
  }

  @Override
  public long stop() {
    context.use();
    context.check(cudart.cuEventRecord(last, stream), "cuEventRecord");
    await();
    float[] milliseconds = new float[1];
    context.check(cudart.cuEventElapsedTime(milliseconds, first, last), "cuEventElapsedTime");
    return (long) (milliseconds[0] * NANOS_PER_MILLISECOND);
  }

  @Override
  public void close() {
    context.use();
    resources.add(this::await); // first of all
    resources.close();
  }
}
