package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.loader.TensorView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The facade before a backend that wants several callers, on the demonstration model. */
class OverlappingBackendTest {

  private static final int CALLERS = 4;
  private static final List<String> TEXTS = texts();
  private static final Overlapping PROVIDER = new Overlapping();

  private static float[][] expected;
  private static EmbeddingModel model;

  /** The backend cpu, said to compute elsewhere. */
  private static final class Overlapping implements BackendProvider {

    /** What is done before a batch is computed. */
    volatile Consumer<PackedBatch> before = _ -> {};

    final Queue<Thread> callers = new ConcurrentLinkedQueue<>();

    @Override
    public String name() {
      return "overlapping";
    }

    @Override
    public int rank() {
      return -1;
    }

    @Override
    public Optional<String> unavailableReason() {
      return Optional.empty();
    }

    @Override
    public Backend create(BackendOptions options) {
      return new Delegate(this, Backends.choose("cpu").provider().create(options));
    }
  }

  private record Delegate(Overlapping provider, Backend cpu) implements Backend {

    @Override
    public int callers() {
      return CALLERS;
    }

    @Override
    public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
      provider.callers.add(Thread.currentThread());
      provider.before.accept(batch);
      cpu.run(batch, pass, out);
    }

    @Override
    public String description() {
      return cpu.description();
    }

    @Override
    public int threads() {
      return cpu.threads();
    }

    @Override
    public Linear linear(List<TensorView> weights, List<TensorView> biases) {
      return cpu.linear(weights, biases);
    }

    @Override
    public LayerNorm layerNorm(TensorView weight, TensorView bias, double eps) {
      return cpu.layerNorm(weight, bias, eps);
    }

    @Override
    public EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType) {
      return cpu.embeddings(word, position, tokenType);
    }

    @Override
    public long memoryBytes() {
      return cpu.memoryBytes();
    }

    @Override
    public void close() {
      cpu.close();
    }
  }

  /** More than one batch; some texts are cut. */
  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2 * CALLERS * ParallelEncoding.TEXTS_PER_THREAD; i++) {
      texts.add(i % 20 == 19 ? "長い文".repeat(300) : "文 " + i + "あ".repeat(i % 7));
    }
    return texts;
  }

  private static EmbeddingModelBuilder builder() {
    return EmbeddingModel.bundled("mini-ja").threads(1).maxLength(64);
  }

  private static EmbeddingModel build(EmbeddingModelBuilder builder) throws IOException {
    return builder.build(() -> new Backends.Choice(PROVIDER, "", "for a test"));
  }

  @BeforeAll
  static void load() throws IOException {
    try (EmbeddingModel plain = builder().build()) {
      expected = plain.embedAll(TEXTS);
    }
    model = build(builder());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static void assertExpected(List<Embedding> results) {
    assertEquals(TEXTS.size(), results.size());
    for (int i = 0; i < results.size(); i++) {
      assertArrayEquals(expected[i], results.get(i).vector(), "text " + i);
      assertEquals(i % 20 == 19, results.get(i).truncated(), "text " + i);
    }
  }

  @Test
  void theBitsAreTheSame() {
    assertExpected(model.encodeAll(TEXTS));
  }

  @Test
  void severalThreadsAreInsideTheBackendAtOnce() {
    CountDownLatch together = new CountDownLatch(2);
    PROVIDER.before =
        _ -> {
          together.countDown();
          try {
            assertTrue(together.await(120, TimeUnit.SECONDS), "only one thread computes");
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try {
      assertExpected(model.encodeAll(TEXTS));
    } finally {
      PROVIDER.before = _ -> {};
    }
  }

  @Test
  void fewTextsAreComputedByTheirCallerInOneRun() {
    PROVIDER.callers.clear();
    assertArrayEquals(expected[0], model.embed(TEXTS.getFirst()));
    List<String> few = TEXTS.subList(0, 10);
    assertArrayEquals(expected[9], model.embedAll(few)[9]);
    assertEquals(List.of(), model.encodeAll(List.of()));
    assertEquals(
        List.of(Thread.currentThread(), Thread.currentThread()), List.copyOf(PROVIDER.callers));
  }

  @Test
  void theFirstTextThatIsTooLongIsNamed() throws IOException {
    try (EmbeddingModel strict = build(builder().truncation(TruncationPolicy.ERROR))) {
      for (int round = 0; round < 5; round++) {
        List<String> texts = TEXTS.subList(round * 20, TEXTS.size());
        TextTooLongException e =
            assertThrows(TextTooLongException.class, () -> strict.encodeAll(texts));
        assertEquals(19, e.index());
      }
    }
  }

  @Test
  void whatTheBackendFailsWithIsTold() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      int sequences = 1 + random.nextInt(60);
      IllegalStateException failure = new IllegalStateException("out of memory");
      PROVIDER.before =
          batch -> {
            if (batch.sequences() >= sequences) {
              throw failure;
            }
          };
      try {
        assertSame(
            failure,
            assertThrows(IllegalStateException.class, () -> model.encodeAll(TEXTS)),
            "seed " + seed + " round " + round);
      } finally {
        PROVIDER.before = _ -> {};
      }
    }
    assertExpected(model.encodeAll(TEXTS));
  }

  @Test
  void manyThreadsMayCall() throws Exception {
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Embedding>>> futures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        futures.add(calls.submit(() -> model.encodeAll(TEXTS)));
      }
      for (Future<List<Embedding>> future : futures) {
        assertExpected(future.get());
      }
    }
  }

  @Test
  void aModelClosedMeanwhileTurnsTheRestAway() throws IOException {
    EmbeddingModel closing = build(builder());
    PROVIDER.before = _ -> closing.close();
    try {
      assertThrows(IllegalStateException.class, () -> closing.encodeAll(TEXTS));
    } finally {
      PROVIDER.before = _ -> {};
    }
  }
}
