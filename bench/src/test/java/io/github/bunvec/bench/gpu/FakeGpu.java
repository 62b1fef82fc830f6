package io.github.bunvec.bench.gpu;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import io.github.bunvec.kernels.cuda.device.Product;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A device that computes nothing, but knows what was allocated, prepared, launched and recorded.
 */
final class FakeGpu implements Gpu {

  static final long NANOS_OF_LAUNCH = 1000;

  private final TreeMap<Long, Long> allocated = new TreeMap<>();
  private final Map<String, Long> kernels = new HashMap<>();
  private final Set<String> prepared = new HashSet<>();
  final List<String> launched = new ArrayList<>();
  int openStreams;
  int openGraphs;
  private long next = 1 << 20;

  int allocations() {
    return allocated.size();
  }

  @Override
  public String name() {
    return "a fake (cuda:0)";
  }

  @Override
  public long allocate(long bytes) {
    long address = next;
    allocated.put(address, bytes);
    next += Math.ceilDiv(bytes, 256) * 256 + 256;
    return address;
  }

  @Override
  public void free(long address) {
    if (allocated.remove(address) == null) {
      throw new GpuException("freed what is not allocated: " + address);
    }
  }

  /** Checks that bytes lie within one allocation. */
  private void require(long address, long bytes) {
    Map.Entry<Long, Long> holder = allocated.floorEntry(address);
    if (holder == null || address + bytes > holder.getKey() + holder.getValue()) {
      throw new GpuException("%d bytes at %d are not allocated".formatted(bytes, address));
    }
  }

  @Override
  public void copyIn(long to, MemorySegment from) {
    require(to, from.byteSize());
  }

  @Override
  public MemorySegment allocatePinned(long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void freePinned(MemorySegment memory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long kernel(String file, String entry) {
    return kernels.computeIfAbsent(file + "/" + entry, _ -> kernels.size() + 1L);
  }

  @Override
  public void prepare(Product.Shape shape, int... rows) {
    for (int m : rows) {
      prepared.add(shape + " " + m);
    }
  }

  @Override
  public GpuStream stream() {
    openStreams++;
    return new Stream();
  }

  @Override
  public void close() {}

  private final class Stream implements GpuStream {

    private List<Runnable> recording;
    private long nanos;

    private record Recorded(FakeGpu gpu, List<Runnable> work) implements Graph {
      @Override
      public void close() {
        gpu.openGraphs--;
      }
    }

    private void queue(String what) {
      Runnable work =
          () -> {
            launched.add(what);
            nanos += NANOS_OF_LAUNCH;
          };
      if (recording == null) {
        work.run();
      } else {
        recording.add(work);
      }
    }

    @Override
    public void copyIn(long to, MemorySegment from, long bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copyOut(MemorySegment to, long from, long bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void launch(long kernel, Grid grid, long... arguments) {
      require(arguments[0], 16);
      String name =
          kernels.entrySet().stream()
              .filter(entry -> entry.getValue() == kernel)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
      queue(name);
    }

    @Override
    public void multiply(Product product) {
      if (!prepared.contains(product.shape() + " " + product.m())) {
        throw new GpuException(product + " was not prepared");
      }
      require(product.a(), (long) product.m() * product.lda() * product.in().bytes());
      require(product.w(), (long) product.n() * product.k() * product.in().bytes());
      require(product.bias(), (long) product.n() * product.out().bytes());
      require(product.c(), (long) product.m() * product.ldc() * product.out().bytes());
      queue("product");
    }

    @Override
    public Graph capture(Runnable work) {
      recording = new ArrayList<>();
      work.run();
      openGraphs++;
      Recorded recorded = new Recorded(FakeGpu.this, recording);
      recording = null;
      return recorded;
    }

    @Override
    public void launch(Graph graph) {
      ((Recorded) graph).work().forEach(Runnable::run);
    }

    @Override
    public void start() {
      nanos = 0;
    }

    @Override
    public long stop() {
      return nanos;
    }

    @Override
    public void await() {}

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void close() {
      openStreams--;
    }
  }
}
