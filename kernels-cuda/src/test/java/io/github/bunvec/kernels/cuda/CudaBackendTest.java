package io.github.bunvec.kernels.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_VALUE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.emulation.StandInDriver;
import io.github.bunvec.kernels.cuda.nvidia.StandInGpus;
import io.github.bunvec.loader.PoolingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the host does beyond the contract of every backend, on kernels that run on the CPU. */
class CudaBackendTest {

  private static final long MEMORY = 512L << 20;

  /** What a GPU takes for itself: a workspace for products. */
  private static final long OWN = 32L << 20;

  private static final GoldenModel MODEL =
      GoldenModel.all().stream()
          .filter(model -> model.directory().endsWith("relu-h32-d32-l1-pooler"))
          .findFirst()
          .orElseThrow();

  private StandInGpus gpus = StandInGpus.start(MEMORY);

  @AfterEach
  void stop() {
    gpus.close();
  }

  private void restart(long bytes) {
    gpus.close();
    gpus = StandInGpus.start(bytes);
  }

  private static CudaBackend backend(List<Gpu> gpus, Arithmetic arithmetic, int lanes) {
    return new CudaBackend(
        gpus, new CudaOptions(WeightType.FP32, arithmetic, lanes, new Bucket(64, 8), false));
  }

  private static List<int[]> sequences(int count) {
    Random random = new Random(count);
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(random.ints(1 + random.nextInt(40), 0, 90).toArray());
    }
    return sequences;
  }

  private static float[][] run(CudaBackend backend, ForwardPass pass, List<int[]> sequences) {
    float[][] out = new float[sequences.size()][];
    backend.run(PackedBatch.of(sequences, MODEL.positions(), 0), pass, out);
    return out;
  }

  @Test
  void severalGpusAndManyThreadsGiveTheBitsOfOne() throws Exception {
    List<int[]> sequences = sequences(30);
    float[][] expected;
    try (CudaBackend one = backend(gpus.open(1), Arithmetic.BF16, 1)) {
      expected = run(one, MODEL.embedding(one, List.of(PoolingMode.MEAN), true), sequences);
    }
    try (CudaBackend two = backend(gpus.open(2), Arithmetic.BF16, 2);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertEquals(4, two.threads());
      assertTrue(two.callers() >= 2, "texts are tokenized meanwhile");
      ForwardPass pass = MODEL.embedding(two, List.of(PoolingMode.MEAN), true);
      Callable<float[][]> call = () -> run(two, pass, sequences);
      for (Future<float[][]> found : callers.invokeAll(List.of(call, call, call))) {
        for (int i = 0; i < expected.length; i++) {
          assertArrayEquals(expected[i], found.get()[i], "sequence " + i);
        }
      }
    }
  }

  /** In BF16 rows of tokens are cast before they are handed out; vectors are near those of FP32. */
  @Test
  void bf16IsNearFp32() {
    List<int[]> sequences = sequences(5);
    List<float[][]> found = new ArrayList<>();
    for (Arithmetic arithmetic : List.of(Arithmetic.FP32, Arithmetic.BF16)) {
      try (CudaBackend backend = backend(gpus.open(1), arithmetic, 1)) {
        assertEquals(arithmetic, backend.arithmetic());
        found.add(run(backend, MODEL.load(backend).hiddenStates(MODEL.layers()), sequences));
        ForwardPass pass =
            MODEL.embedding(backend, List.of(PoolingMode.CLS, PoolingMode.MAX), true);
        found.add(run(backend, pass, sequences));
      }
    }
    for (int kind = 0; kind < 2; kind++) {
      for (int i = 0; i < sequences.size(); i++) {
        float[] wide = found.get(kind)[i];
        float[] narrow = found.get(kind + 2)[i];
        assertEquals(wide.length, narrow.length);
        assertTrue(cosine(wide, narrow) > 0.9998, "cosine " + cosine(wide, narrow));
      }
    }
  }

  /** What was asked for is said; the rows of tokens follow from it. */
  @Test
  void tellsItsArithmetic() {
    for (Arithmetic asked : Arithmetic.values()) {
      Arithmetic taken = asked == Arithmetic.AUTO ? Arithmetic.BF16 : asked;
      try (CudaBackend backend = backend(gpus.open(1), asked, 1)) {
        assertEquals(taken, backend.arithmetic());
        assertEquals(
            taken == Arithmetic.BF16 ? ElementType.BF16 : ElementType.F32,
            backend.options().tokenType());
        assertTrue(backend.description().endsWith(taken + " arithmetic"), backend.description());
      }
    }
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void closingFreesEverythingAndTurnsAway() {
    CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 2);
    ForwardPass pass = MODEL.embedding(backend, List.of(PoolingMode.MEAN), true);
    long weights = backend.memoryBytes();
    assertTrue(weights > 0);
    run(backend, pass, sequences(20));
    assertTrue(gpus.driver().count(StandInDriver.Kind.EXECUTABLES) > 0, "recordings");
    long bytes = backend.memoryBytes();
    assertTrue(bytes > weights, "streams have memory, too: " + bytes);
    backend.close();
    backend.close();
    assertEquals(Map.of(), gpus.driver().live());
    List<int[]> later = sequences(1);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> run(backend, pass, later));
    assertEquals("the backend cuda is closed", e.getMessage());
  }

  /** Recordings of passes that are no longer used are let go. */
  @Test
  void manyPassesAreServed() {
    List<int[]> sequences = sequences(3);
    try (CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 1)) {
      ForwardPass first = MODEL.embedding(backend, List.of(PoolingMode.MEAN), false);
      float[][] expected = run(backend, first, sequences);
      for (int i = 0; i < 6; i++) {
        // The wider result makes the lane's memory grow, and old recordings void.
        run(backend, MODEL.load(backend).hiddenStates(i % 2), sequences);
        assertArrayEquals(expected, run(backend, first, sequences));
      }
    }
  }

  @Test
  void saysHowMuchMemoryIsMissingAndWhatReducesIt() {
    restart(OWN + 4096);
    try (CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 1)) {
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> MODEL.load(backend));
      assertTrue(
          e.getMessage()
              .matches(
                  "the model's weights do not fit: Stand-in \\(cuda:0\\) has \\d+ MB free, \\d+ MB are needed"
                      + " after \\d+ MB of them; close other models, or take BF16 arithmetic if it is not BF16 yet, which halves them"),
          e.getMessage());
    }
    restart(2 * OWN + (100 << 10));
    try (CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 1)) {
      ForwardPass pass = MODEL.embedding(backend, List.of(PoolingMode.MEAN), true);
      List<int[]> sequences = sequences(1);
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> run(backend, pass, sequences));
      assertTrue(
          e.getMessage()
              .matches(
                  "Stand-in \\(cuda:0\\) has 0 MB free, 1 MB are needed for a stream's batches of up to 64"
                      + " tokens, beside 0 MB of weights and 1 streams; backend 'cuda:tokens=N' makes batches smaller, fewer threads \\(threads, --threads\\)"
                      + " are fewer streams, and BF16 arithmetic, if it is not BF16 yet, halves what each needs"),
          e.getMessage());
    }
  }

  /** Before the first text: memory is taken, kernels are loaded, a batch is recorded. */
  @Test
  void isReadyBeforeTheFirstText() {
    try (CudaBackend backend = backend(gpus.open(2), Arithmetic.FP32, 2)) {
      ForwardPass pass = MODEL.embedding(backend, List.of(PoolingMode.MEAN), true);
      backend.ready(pass);
      assertEquals(4, gpus.driver().count(StandInDriver.Kind.EXECUTABLES), "one of each stream");
      long bytes = backend.memoryBytes();
      assertTrue(bytes > 4 * OWN, "streams' memory: " + bytes);
      long nanos = backend.deviceNanos();
      assertTrue(nanos > 0, "time of the device");
      run(backend, pass, sequences(9));
      assertEquals(bytes, backend.memoryBytes());
      assertTrue(backend.deviceNanos() > nanos);
    }
    restart(2 * OWN);
    try (CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 2)) {
      ForwardPass pass = MODEL.embedding(backend, List.of(PoolingMode.MEAN), true);
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> backend.ready(pass));
      assertTrue(e.getMessage().contains("backend 'cuda:tokens=N'"), e.getMessage());
    }
  }

  /** The tanh form differs from GELU by 5e-4 at most, which a vector's direction hardly shows. */
  @Test
  void geluByTanhIsTheProductsAndNear() {
    GoldenModel model =
        GoldenModel.all().stream()
            .filter(each -> each.directory().endsWith("gelu-h192-d64-l1-f16"))
            .findFirst()
            .orElseThrow();
    List<float[][]> found = new ArrayList<>();
    for (boolean tanh : new boolean[] {false, true}) {
      CudaOptions options =
          new CudaOptions(WeightType.FP32, Arithmetic.FP32, 1, new Bucket(64, 8), tanh);
      try (CudaBackend backend = new CudaBackend(gpus.open(1), options)) {
        assertEquals(tanh, backend.description().contains("tanh"), backend.description());
        ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
        found.add(run(backend, pass, List.of(new int[] {2, 7, 9, 3}, new int[] {2, 3})));
      }
    }
    for (int i = 0; i < 2; i++) {
      float[] exact = found.get(0)[i];
      float[] near = found.get(1)[i];
      assertTrue(cosine(exact, near) > 0.99999, "cosine " + cosine(exact, near));
      assertFalse(Arrays.equals(exact, near), "the same bits");
    }
  }

  /** What a failed chunk has queued is done before the next one's ids take its place. */
  @Test
  void aChunkThatFailsDoesNotDisturbTheNext() {
    List<int[]> first = sequences(8);
    List<int[]> second = List.of(new int[] {5, 6, 7}, new int[] {8});
    try (CudaBackend backend = backend(gpus.open(1), Arithmetic.FP32, 1)) {
      ForwardPass pass = MODEL.embedding(backend, List.of(PoolingMode.MEAN), true);
      float[][] expected = run(backend, pass, second);
      // Another pass has the products decided: what is recorded next is the chunk.
      run(backend, MODEL.embedding(backend, List.of(PoolingMode.MEAN), true), first);
      gpus.driver().failNext("cuStreamBeginCapture", CUDA_ERROR_INVALID_VALUE);
      assertThrows(GpuException.class, () -> run(backend, pass, first));
      assertEquals(0, gpus.driver().waiting(), "work that is queued and not done");
      assertArrayEquals(expected, run(backend, pass, second));
    }
  }

  @Test
  void refusesAnothersHandles() {
    try (CudaBackend one = backend(gpus.open(1), Arithmetic.FP32, 1);
        CudaBackend other = backend(gpus.open(1), Arithmetic.FP32, 1)) {
      ForwardPass pass = MODEL.embedding(one, List.of(PoolingMode.MEAN), true);
      List<int[]> sequences = sequences(1);
      assertThrows(IllegalArgumentException.class, () -> run(other, pass, sequences));
    }
  }
}
