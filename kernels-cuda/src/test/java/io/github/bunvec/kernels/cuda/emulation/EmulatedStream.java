package io.github.bunvec.kernels.cuda.emulation;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import io.github.bunvec.kernels.cuda.device.Product;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does everything at once, or records it. */
final class EmulatedStream implements GpuStream {

  private record Recorded(List<Runnable> work) implements Graph {
    @Override
    public void close() {
      work.clear();
    }
  }

  private final EmulatedGpu gpu;
  private final Thread owner = Thread.currentThread();
  private @Nullable List<Runnable> recording;

  EmulatedStream(EmulatedGpu gpu) {
    this.gpu = gpu;
  }

  private void queue(Runnable work) {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("a stream is for the thread that made it");
    }
    if (recording == null) {
      work.run();
    } else {
      recording.add(work);
    }
  }

  @Override
  public void copyIn(long to, MemorySegment from, long bytes) {
    queue(() -> gpu.at(to, bytes).copyFrom(from.asSlice(0, bytes)));
  }

  @Override
  public void copyOut(MemorySegment to, long from, long bytes) {
    queue(() -> to.copyFrom(gpu.at(from, bytes)));
  }

  @Override
  public void launch(long kernel, Grid grid, long... arguments) {
    queue(() -> gpu.run(kernel, grid.x(), grid.y(), grid.block(), arguments));
  }

  @Override
  public void multiply(Product product) {
    gpu.requirePrepared(product);
    queue(() -> compute(product));
  }

  private void compute(Product p) {
    boolean narrow = p.in() == ElementType.BF16;
    boolean narrowOut = p.out() == ElementType.BF16;
    long in = p.in().bytes();
    long out = p.out().bytes();
    MemorySegment a = gpu.at(p.a(), ((p.m() - 1L) * p.lda() + p.k()) * in);
    MemorySegment w = gpu.at(p.w(), (long) p.n() * p.k() * in);
    MemorySegment c = gpu.at(p.c(), ((p.m() - 1L) * p.ldc() + p.n()) * out);
    MemorySegment bias = gpu.at(p.bias(), p.n() * out);
    float[] row = new float[p.k()];
    float[] weights = new float[p.n() * p.k()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = EmulatedGpu.get(w, i, narrow);
    }
    for (int i = 0; i < p.m(); i++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = EmulatedGpu.get(a, (long) i * p.lda() + k, narrow);
      }
      for (int j = 0; j < p.n(); j++) {
        float sum = 0;
        for (int k = 0; k < row.length; k++) {
          sum = Math.fma(row[k], weights[j * row.length + k], sum);
        }
        sum += EmulatedGpu.get(bias, j, narrowOut);
        long at = (long) i * p.ldc() + j;
        if (narrowOut) {
          c.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) Bfloat16.fromFloat(sum));
        } else {
          c.setAtIndex(ValueLayout.JAVA_FLOAT, at, sum);
        }
      }
    }
  }

  @Override
  public Graph capture(Runnable work) {
    List<Runnable> recorded = new ArrayList<>();
    recording = recorded;
    try {
      work.run();
    } finally {
      recording = null;
    }
    return new Recorded(recorded);
  }

  @Override
  public void launch(Graph graph) {
    ((Recorded) graph).work().forEach(this::queue);
  }

  @Override
  public void await() {}

  @Override
  public void close() {}
}
