package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
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

  private final CudaBackend backend;
  private final int device;
  private final Gpu gpu;
  private final GpuStream stream;
  private final Map<ForwardPass, Recordings> recordings =
      new LinkedHashMap<>(16, 0.75f, true); // the least recently used first
  private long memory; // on the device
  private long memoryBytes;
  private MemorySegment pinned = MemorySegment.NULL;

  /** What is kept of a pass. */
  private record Recordings(PassSurvey survey, Map<Bucket, RecordedPass> byBucket) {
    void close() {
      byBucket.values().forEach(RecordedPass::close);
      byBucket.clear();
    }
  }

  Lane(CudaBackend backend, int device, Gpu gpu) {
    this.backend = backend;
    this.device = device;
    this.gpu = gpu;
    this.stream = gpu.stream();
  }

  /** Computes a chunk and hands out its vectors. */
  void run(Chunk chunk) {
    Recordings kept = recordings(chunk.pass());
    check(chunk, backend.own(kept.survey().tables(), CudaEmbeddingTables.class));
    Bucket bucket = Bucket.of(chunk.tokens(), chunk.sequences());
    RecordedPass pass = recorded(chunk.pass(), kept, bucket);
    write(chunk, pass.memory());
    stream.copyIn(pass.memory().address(0), pinned, pass.memory().inputBytes());
    stream.launch(pass.graph());
    boolean tokens = kept.survey().result().rows() == Slot.Rows.TOKENS;
    int rows = tokens ? chunk.tokens() : chunk.sequences();
    Matrix result = pass.result();
    long bytes = ((rows - 1L) * result.stride() + result.width()) * Float.BYTES;
    reservePinned(bytes);
    stream.copyOut(pinned, result.address(), bytes);
    stream.await();
    handOut(chunk, result, tokens);
  }

  private Recordings recordings(ForwardPass pass) {
    Recordings kept = recordings.get(pass);
    if (kept == null) {
      kept = new Recordings(PassSurvey.of(pass), new LinkedHashMap<>());
      recordings.put(pass, kept);
      if (recordings.size() > PASSES) {
        Iterator<Recordings> all = recordings.values().iterator();
        all.next().close();
        all.remove();
      }
    }
    return kept;
  }

  private RecordedPass recorded(ForwardPass pass, Recordings kept, Bucket bucket) {
    RecordedPass recorded = kept.byBucket().get(bucket);
    if (recorded != null) {
      return recorded;
    }
    reserve(pass, kept, bucket);
    PassMemory layout = new PassMemory(memory, bucket, backend.tokenType(), pass, kept.survey());
    backend.prepareProducts(gpu, kept.survey(), bucket);
    CudaOps ops = new CudaOps(backend, device, gpu, stream, layout);
    GpuStream.Graph graph = stream.capture(() -> pass.run(ops));
    recorded = new RecordedPass(layout, graph, ops.result());
    kept.byBucket().put(bucket, recorded);
    return recorded;
  }

  /**
   * Makes room for the largest chunk there can be, so that it is found out at once if there is
   * none.
   */
  private void reserve(ForwardPass pass, Recordings kept, Bucket bucket) {
    Bucket limit = backend.limit();
    Bucket most =
        new Bucket(
            Math.max(limit.tokens(), bucket.tokens()),
            Math.max(limit.sequences(), bucket.sequences()));
    PassMemory layout = new PassMemory(0, most, backend.tokenType(), pass, kept.survey());
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
    recordings.values().forEach(Recordings::close);
    stream.close();
    gpu.free(memory);
    if (pinned.byteSize() > 0) {
      gpu.freePinned(pinned);
    }
  }
}
