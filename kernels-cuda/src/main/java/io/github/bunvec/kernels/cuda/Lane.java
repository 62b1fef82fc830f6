package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Resources;
import io.github.bunvec.kernels.cuda.launch.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One stream of a GPU with memory of its own, which computes one chunk after another. Its thread
 * makes it, uses it and closes it: a thread has one device at a time.
 */
final class Lane implements AutoCloseable {

  /**
   * Passes whose recordings are kept: an application has one or two, each call of hiddenStates one
   * more.
   */
  private static final int PASSES = 4;

  /** Buckets of a pass whose recordings are kept; each takes some memory of the driver's. */
  private static final int BUCKETS = 64;

  private final CudaBackend backend;
  private final int device;
  private final Gpu gpu;
  private final GpuStream stream;
  private final Map<ForwardPass, Recordings> recordings =
      new LinkedHashMap<>(16, 0.75f, true); // the least recently used first
  private long memory; // on the device
  private long memoryBytes;
  private MemorySegment pinned = MemorySegment.NULL;

  /** What is kept of a pass: the least recently used bucket first. */
  private record Recordings(PassSurvey survey, Map<Bucket, RecordedPass> byBucket) {
    Recordings(PassSurvey survey) {
      this(survey, new LinkedHashMap<>(16, 0.75f, true));
    }

    void add(Bucket bucket, RecordedPass recorded) {
      byBucket.put(bucket, recorded);
      if (byBucket.size() > BUCKETS) {
        Iterator<RecordedPass> all = byBucket.values().iterator();
        all.next().close();
        all.remove();
      }
    }

    void close() {
      byBucket.values().forEach(RecordedPass::close);
      byBucket.clear();
    }
  }

  Lane(CudaBackend backend, int device, Gpu gpu) {
    this.backend = backend;
    this.device = device;
    this.gpu = gpu;
    this.stream = stream(backend, gpu);
  }

  private static GpuStream stream(CudaBackend backend, Gpu gpu) {
    try {
      GpuStream stream = gpu.stream();
      backend.addLaneBytes(stream.bytes());
      return stream;
    } catch (OutOfGpuMemoryException e) {
      throw backend.outOfMemory(e, backend.options().limit());
    }
  }

  /** Computes one sequence that nobody asked for, of as many tokens as the smallest bucket has. */
  void warmUp(ForwardPass pass) {
    int tokens = Bucket.LEAST_TOKENS;
    int[] zeros = new int[tokens];
    PackedBatch batch = new PackedBatch(zeros, zeros, new int[] {0, tokens}, new int[1]);
    run(new Chunk(batch, 0, 1, pass, new float[1][]));
  }

  /**
   * Computes a chunk and hands out its vectors. If that fails, what was queued of it is done before
   * this throws: it reads memory that the next chunk writes.
   */
  void run(Chunk chunk) {
    try {
      compute(chunk);
    } catch (RuntimeException | Error e) {
      try {
        stream.await();
      } catch (RuntimeException later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  private void compute(Chunk chunk) {
    Recordings kept = recordings(chunk.pass());
    check(chunk, backend.own(kept.survey().tables(), CudaEmbeddingTables.class));
    Bucket bucket = Bucket.of(chunk.tokens(), chunk.sequences());
    RecordedPass recorded = kept.byBucket().get(bucket);
    PassMemory layout = recorded == null ? prepare(chunk.pass(), kept, bucket) : recorded.memory();
    write(chunk, layout);
    stream.start();
    stream.copyIn(layout.address(0), pinned, layout.inputBytes());
    if (recorded == null) {
      recorded = runAndRecord(chunk.pass(), layout);
      kept.add(bucket, recorded);
    } else {
      stream.launch(recorded.graph());
    }
    boolean tokens = kept.survey().result().rows() == Slot.Rows.TOKENS;
    int rows = tokens ? chunk.tokens() : chunk.sequences();
    Matrix result = recorded.result();
    long bytes = ((rows - 1L) * result.stride() + result.width()) * Float.BYTES;
    reservePinned(bytes);
    stream.copyOut(pinned, result.address(), bytes);
    backend.addDeviceNanos(stream.stop());
    handOut(chunk, result, tokens);
  }

  private Recordings recordings(ForwardPass pass) {
    Recordings kept = recordings.get(pass);
    if (kept == null) {
      kept = new Recordings(PassSurvey.of(pass));
      recordings.put(pass, kept);
      if (recordings.size() > PASSES) {
        Iterator<Recordings> all = recordings.values().iterator();
        all.next().close();
        all.remove();
      }
    }
    return kept;
  }

  /** Makes ready what a pass over a bucket needs: memory, and a decision on every product. */
  private PassMemory prepare(ForwardPass pass, Recordings kept, Bucket bucket) {
    reserve(pass, kept, bucket);
    ElementType type = backend.options().tokenType();
    PassMemory layout = new PassMemory(memory, bucket, type, pass, kept.survey());
    try {
      backend.prepareProducts(gpu, kept.survey(), bucket);
    } catch (OutOfGpuMemoryException e) {
      throw backend.outOfMemory(e, bucket);
    }
    return layout;
  }

  /**
   * Queues a pass operation by operation, and records it for batches to come. While it is recorded
   * nothing may be loaded: that has happened by then.
   */
  private RecordedPass runAndRecord(ForwardPass pass, PassMemory layout) {
    CudaOps ops = new CudaOps(backend, device, gpu, stream, layout);
    pass.run(ops);
    Matrix result = ops.result();
    return new RecordedPass(layout, stream.capture(() -> pass.run(ops)), result);
  }

  /**
   * Makes room for the largest chunk there can be, so that it is found out at once if there is
   * none.
   */
  private void reserve(ForwardPass pass, Recordings kept, Bucket bucket) {
    Bucket limit = backend.options().limit();
    Bucket most =
        new Bucket(
            Math.max(limit.tokens(), bucket.tokens()),
            Math.max(limit.sequences(), bucket.sequences()));
    PassMemory layout = new PassMemory(0, most, backend.options().tokenType(), pass, kept.survey());
    if (layout.bytes() > memoryBytes) {
      recordings.values().forEach(Recordings::close); // they have the old addresses
      gpu.free(memory);
      backend.addLaneBytes(-memoryBytes);
      memory = 0;
      memoryBytes = 0;
      try {
        memory = gpu.allocate(layout.bytes());
      } catch (OutOfGpuMemoryException e) {
        throw backend.outOfMemory(e, most);
      }
      memoryBytes = layout.bytes();
      backend.addLaneBytes(memoryBytes);
    }
    reservePinned(layout.inputBytes());
  }

  private void reservePinned(long bytes) {
    if (pinned.byteSize() < bytes) {
      stream.await(); // copies from it
      if (pinned.byteSize() > 0) {
        gpu.freePinned(pinned);
        pinned = MemorySegment.NULL;
      }
      pinned = gpu.allocatePinned(bytes);
    }
  }

  private static void check(Chunk chunk, CudaEmbeddingTables tables) {
    PackedBatch batch = chunk.batch();
    int to = batch.cuSeqlens()[chunk.last()];
    for (int i = batch.cuSeqlens()[chunk.first()]; i < to; i++) {
      require(batch.ids()[i], tables.words(), "token id");
      require(batch.positions()[i], tables.positions(), "position");
    }
  }

  private static void require(int value, int bound, String what) {
    if (value < 0 || value >= bound) {
      throw new IllegalArgumentException(
          what + " is " + value + ", the table has " + bound + " rows");
    }
  }

  private void write(Chunk chunk, PassMemory to) {
    PackedBatch batch = chunk.batch();
    int first = batch.cuSeqlens()[chunk.first()];
    int tokens = chunk.tokens();
    pinned.set(ValueLayout.JAVA_INT, 0, tokens);
    pinned.set(ValueLayout.JAVA_INT, Integer.BYTES, chunk.sequences());
    MemorySegment.copy(batch.ids(), first, pinned, ValueLayout.JAVA_INT, to.ids(), tokens);
    MemorySegment.copy(
        batch.positions(), first, pinned, ValueLayout.JAVA_INT, to.positions(), tokens);
    for (int i = 0; i <= chunk.sequences(); i++) {
      int border = batch.cuSeqlens()[chunk.first() + i] - first;
      pinned.set(ValueLayout.JAVA_INT, to.cuSeqlens() + 4L * i, border);
    }
    for (int i = 0; i < chunk.sequences(); i++) {
      int skipped = batch.firstPooled(chunk.first() + i);
      pinned.set(ValueLayout.JAVA_INT, to.firstPooled() + 4L * i, skipped);
    }
  }

  private void handOut(Chunk chunk, Matrix result, boolean tokens) {
    int row = 0;
    for (int sequence = chunk.first(); sequence < chunk.last(); sequence++) {
      int count = tokens ? chunk.batch().length(sequence) : 1;
      float[] values = new float[Math.multiplyExact(count, result.width())];
      for (int i = 0; i < count; i++, row++) {
        MemorySegment.copy(
            pinned,
            ValueLayout.JAVA_FLOAT,
            (long) row * result.stride() * Float.BYTES,
            values,
            i * result.width(),
            result.width());
      }
      chunk.out()[sequence] = values;
    }
  }

  @Override
  public void close() {
    try (Resources all = new Resources()) { // the last first
      if (pinned.byteSize() > 0) {
        all.add(() -> gpu.freePinned(pinned));
      }
      all.add(() -> gpu.free(memory));
      all.add(stream::close);
      recordings.values().forEach(each -> all.add(each::close));
    }
  }
}
