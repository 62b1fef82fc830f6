package io.github.bunvec.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.cpu.emit.Bf16Instruction;
import io.github.bunvec.engine.cpu.emit.Bf16Offer;
import io.github.bunvec.engine.cpu.emit.PanelForm;
import io.github.bunvec.engine.cpu.emit.PanelOffer;
import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.LayerNormKernel;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.modules.Ending;
import io.github.bunvec.engine.modules.Pipeline;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes allocated per call once C2 has compiled the kernels: a boxed vector would show here.
 *
 * <p>Nothing is timed. A kernel runs until a round of calls allocates nothing, which compiled code
 * that boxes never does.
 */
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int ROUND = 50;

  /** Runs {@code body} until a round allocates {@code expected} bytes, or far too long. */
  private static void assertAllocates(long expected, Runnable body) {
    long allocated = -1;
    // Compilation happens in the background: 30 s is what a loaded machine may need, not a bound.
    long end = System.nanoTime() + 30_000_000_000L;
    while (allocated != expected * ROUND && System.nanoTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUND; i++) {
        body.run();
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(expected * ROUND, allocated, "bytes per " + ROUND + " calls");
  }

  private static float[] floats(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void linearAllocatesNothing(Activation activation) {
    GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
    float[] a = floats(15 * 64);
    float[] c = floats(15 * 128);
    List<PackedMatrix> layers =
        List.of(
            PackedMatrix.fp32(kernel, 64, List.of(floats(128 * 64)), floats(128)),
            PackedMatrix.bf16(kernel, 64, List.of(floats(128 * 64)), floats(128)));
    for (PackedMatrix layer : layers) {
      assertAllocates(
          0,
          () -> Gemm.linear(kernel, layer, activation, 0, layer.panels(), 15, a, 0, 64, c, 0, 128));
    }
  }

  @Test
  void attentionAllocatesNothing() {
    GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
    Attention.Scratch scratch = new Attention.Scratch();
    float[] qkv = floats(40 * 96);
    float[] out = new float[40 * 32];
    assertAllocates(
        0, () -> Attention.head(kernel, 40, 40, 32, qkv, 0, 32, 64, 96, out, 0, 32, scratch));
  }

  @Test
  void layerNormAllocatesNothing() {
    GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
    float[] x = floats(3 * 100);
    float[] y = floats(3 * 112);
    float[] weight = floats(112);
    float[] partial = new float[2 * VectorWidth.PARTIALS];
    assertAllocates(
        0,
        () ->
            LayerNormKernel.addAndNormalize(
                kernel, 3, 100, x, 0, 100, y, 0, 112, weight, weight, 1e-12f, partial));
  }

  @Test
  void layerNormAloneAllocatesNothing() {
    float[] y = floats(112);
    float[] weight = floats(112);
    float[] partial = new float[VectorWidth.PARTIALS];
    assertAllocates(0, () -> LayerNormKernel.normalize(100, y, 0, weight, weight, 1e-5f, partial));
  }

  /** Pooling, two Dense with residuals, Normalize; a mean over layers, LayerNorm, Dropout. */
  @ParameterizedTest
  @ValueSource(strings = {"new-layout", "layers-mean", "dense-norms"})
  void aPipelineAllocatesItsResultOnly(String name) throws IOException {
    Path folder = GoldenModel.folder().resolveSibling("pipelines").resolve(name);
    try (ModelDirectory model = ModelDirectory.open(folder);
        CpuBackend backend =
            new CpuBackend(GemmKernel.ofBits(VectorWidth.bits()), WeightType.FP32, 1)) {
      BertEncoder encoder =
          BertEncoder.load(model.config(), ModelTensors.of(model.checkpoint()), backend);
      ForwardPass pass =
          Pipeline.of(model, new Ending(5, true)).load(encoder, model::openModule, backend);
      PackedBatch batch =
          PackedBatch.of(
              IntStream.of(3, 17, 30).mapToObj(n -> IntStream.range(0, n).toArray()).toList());
      float[][] out = new float[3][];
      assertAllocates(3 * (16 + 4 * 6), () -> backend.run(batch, pass, out));
      assertEquals(5, out[0].length);
    }
  }

  /** A call allocates its result: one array per sequence, of 16 bytes header and the values. */
  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aCallAllocatesItsResultOnly(WeightType type) {
    GoldenModel model = GoldenModel.all().getFirst();
    try (CpuBackend backend = new CpuBackend(GemmKernel.ofBits(VectorWidth.bits()), type, 1)) {
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      PackedBatch batch =
          PackedBatch.of(
              IntStream.of(3, 17, 30).mapToObj(n -> IntStream.range(0, n).toArray()).toList());
      float[][] out = new float[3][];
      backend.run(batch, pass, out);
      long vector = 16 + 4L * out[0].length;
      assertAllocates(3 * vector, () -> backend.run(batch, pass, out));
    }
  }

  /** The same with the products as machine code. */
  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void aCallOfMachineCodeAllocatesItsResultOnly(PanelForm form) {
    PanelOffer offer = PanelOffer.of(form);
    assumeTrue(offer.kernel() != null, () -> "not run: " + offer.reason());
    GoldenModel model = GoldenModel.all().getFirst();
    for (WeightType type : WeightType.values()) {
      try (CpuBackend backend = EmittedBackendContract.open(form, type, 1)) {
        ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
        PackedBatch batch = PackedBatch.of(List.of(IntStream.range(0, 50).toArray()));
        float[][] out = new float[1][];
        backend.run(batch, pass, out);
        assertAllocates(16 + 4L * out[0].length, () -> backend.run(batch, pass, out));
      }
    }
  }

  /** The same in BF16 arithmetic: calls of emitted code allocate nothing. */
  @ParameterizedTest
  @EnumSource(Bf16Instruction.class)
  void aCallInBf16AllocatesItsResultOnly(Bf16Instruction instruction) {
    var reason = Bf16Offer.unavailableReason(instruction);
    assumeTrue(reason.isEmpty(), () -> "not run: " + reason.orElseThrow());
    GoldenModel model = GoldenModel.all().getFirst();
    try (CpuBackend backend = Bf16BackendContract.open(instruction, WeightType.FP32, 1)) {
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      PackedBatch batch = PackedBatch.of(List.of(IntStream.range(0, 50).toArray()));
      float[][] out = new float[1][];
      backend.run(batch, pass, out);
      assertAllocates(16 + 4L * out[0].length, () -> backend.run(batch, pass, out));
    }
  }

  /** The same for a single sentence that all workers share; their own threads allocate nothing. */
  @Test
  void aSharedSentenceAllocatesItsResultOnly() {
    GoldenModel model = GoldenModel.all().getFirst();
    try (CpuBackend backend =
        new CpuBackend(GemmKernel.ofBits(VectorWidth.bits()), WeightType.FP32, 3)) {
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      PackedBatch batch = PackedBatch.of(List.of(IntStream.range(0, 50).toArray()));
      float[][] out = new float[1][];
      backend.run(batch, pass, out);
      long vector = 16 + 4L * out[0].length;
      Runnable call = () -> backend.run(batch, pass, out);
      assertAllAllocate(vector, call);
    }
  }

  /**
   * As {@link #assertAllocates}, counting the workers' threads, too. The last rank makes the
   * result.
   */
  private static void assertAllAllocate(long expected, Runnable body) {
    body.run();
    long[] threads =
        LongStream.concat(
                LongStream.of(Thread.currentThread().threadId()),
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("bunvec-worker-"))
                    .mapToLong(Thread::threadId))
            .toArray();
    assertEquals(3, threads.length, "the caller and two workers");
    long allocated = -1;
    long end = System.nanoTime() + 30_000_000_000L;
    while (allocated != expected * ROUND && System.nanoTime() < end) {
      long before = allocatedBy(threads);
      for (int i = 0; i < ROUND; i++) {
        body.run();
      }
      allocated = allocatedBy(threads) - before;
    }
    assertEquals(expected * ROUND, allocated, "bytes per " + ROUND + " calls of all threads");
  }

  private static long allocatedBy(long[] threads) {
    long sum = 0;
    for (long thread : threads) {
      sum += THREADS.getThreadAllocatedBytes(thread);
    }
    return sum;
  }
}
