package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.Encoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads, places and failures, with texts that are numbers. */
class ParallelEncodingTest {

  /** No run needs it; one that hangs ends. */
  private static final long PATIENCE_SECONDS = 120;

  private static final int BUDGET = EmbeddingModel.TOKENS_PER_RUN_AND_THREAD;

  /** A failure that says where. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int index;

    Refused(int index) {
      super("text " + index);
      this.index = index;
    }
  }

  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

  /** Whatever a test did, no thread is left. */
  @AfterEach
  void allThreadsHaveEnded() {
    for (Thread thread : started) {
      assertFalse(thread.isAlive(), thread + " is left running");
    }
  }

  private ParallelEncoding encoding(int callers, int backendThreads) {
    return new ParallelEncoding(callers, backendThreads, this::thread);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "helper");
    started.add(thread);
    return thread;
  }

  /** Text i is i, and as many tokens long as asked for. */
  private static Encoding text(int i, int tokens) {
    int[] ids = new int[tokens];
    ids[0] = i;
    return new Encoding(ids, tokens);
  }

  private static List<Embedding> vectors(List<Encoding> batch) {
    return batch.stream()
        .map(text -> new Embedding(new float[] {text.ids()[0]}, text.ids().length, false))
        .toList();
  }

  private static void assertInOrder(int texts, List<Embedding> results, String message) {
    assertEquals(texts, results.size(), message);
    for (int i = 0; i < texts; i++) {
      assertEquals(i, results.get(i).vector()[0], message);
    }
  }

  @Test
  void everyTextIsDoneOnceAndIsInItsPlace() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      int callers = 1 + random.nextInt(6);
      int backendThreads = 1 + random.nextInt(4);
      int texts = 1 + random.nextInt(2000);
      int[] lengths = random.ints(texts, 1, random.nextBoolean() ? 60 : 5000).toArray();
      String message =
          "seed %d round %d: %d texts, %d callers, %d threads"
              .formatted(seed, round, texts, callers, backendThreads);
      int most = BUDGET * backendThreads;
      AtomicInteger tokenized = new AtomicInteger();
      ParallelEncoding.Steps steps =
          new ParallelEncoding.Steps(
              i -> {
                tokenized.incrementAndGet();
                return text(i, lengths[i]);
              },
              batch -> {
                int tokens = batch.stream().mapToInt(text -> text.ids().length).sum();
                assertTrue(batch.size() == 1 || tokens <= most, message);
                assertFalse(batch.isEmpty(), message);
                return vectors(batch);
              });
      assertInOrder(texts, encoding(callers, backendThreads).encode(texts, steps), message);
      assertEquals(texts, tokenized.get(), message);
    }
  }

  @Test
  void batchesAreWhatTheBackendTakes() {
    // callers, threads of the backend, the greatest batch in shares of a thread
    int[][] cases = {{2, 1, 1}, {2, 4, 4}, {3, 4, 2}, {16, 2, 1}};
    for (int[] it : cases) {
      Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
      ParallelEncoding.Steps steps =
          new ParallelEncoding.Steps(
              i -> text(i, 16),
              batch -> {
                sizes.add(batch.size());
                return vectors(batch);
              });
      encoding(it[0], it[1]).encode(40_000, steps);
      int full = it[2] * BUDGET / 16;
      assertTrue(sizes.stream().allMatch(size -> size <= full), sizes.toString());
      assertTrue(sizes.stream().filter(size -> size < full).count() <= it[0], sizes.toString());
    }
  }

  @Test
  void severalThreadsComputeAtOnce() {
    int callers = 5;
    CountDownLatch together = new CountDownLatch(callers);
    ParallelEncoding.Steps steps =
        new ParallelEncoding.Steps(
            i -> text(i, BUDGET / 8),
            batch -> {
              together.countDown();
              assertTrue(waitFor(together), together.getCount() + " threads are missing");
              return vectors(batch);
            });
    int texts = callers * ParallelEncoding.TEXTS_PER_THREAD;
    assertInOrder(texts, encoding(callers, 2).encode(texts, steps), "");
    assertEquals(callers - 1, started.size());
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ofSeveralFailuresTheFirstTextsIsTold() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int texts = 200 + random.nextInt(1000);
      int[] bad = random.ints(1 + random.nextInt(20), 0, texts).sorted().toArray();
      IntPredicate refused = i -> Arrays.binarySearch(bad, i) >= 0;
      int tokens = 1 + random.nextInt(300);
      ParallelEncoding.Steps steps =
          new ParallelEncoding.Steps(
              i -> {
                if (refused.test(i)) {
                  throw new Refused(i);
                }
                return text(i, tokens);
              },
              ParallelEncodingTest::vectors);
      ParallelEncoding encoding = encoding(1 + random.nextInt(6), 1);
      Refused told = assertThrows(Refused.class, () -> encoding.encode(texts, steps));
      assertEquals(bad[0], told.index, "seed " + seed + " round " + round);
    }
  }

  @Test
  void ofBatchesThatFailTheFirstIsTold() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int texts = 200 + random.nextInt(1000);
      int from = random.nextInt(texts);
      int tokens = 1 + random.nextInt(300);
      Queue<Integer> failed = new ConcurrentLinkedQueue<>();
      ParallelEncoding.Steps steps =
          new ParallelEncoding.Steps(
              i -> text(i, tokens),
              batch -> {
                int first = batch.getFirst().ids()[0];
                if (batch.getLast().ids()[0] >= from) {
                  failed.add(first);
                  throw new Refused(first);
                }
                return vectors(batch);
              });
      ParallelEncoding encoding = encoding(1 + random.nextInt(6), 1);
      String message = "seed " + seed + " round " + round;
      Refused told = assertThrows(Refused.class, () -> encoding.encode(texts, steps), message);
      assertEquals(failed.stream().mapToInt(i -> i).min().orElseThrow(), told.index, message);
    }
  }

  @Test
  void afterAFailureNothingMoreIsBegun() {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    ParallelEncoding.Steps steps =
        new ParallelEncoding.Steps(
            i -> {
              if (Thread.currentThread() != caller) {
                throw new Refused(i);
              }
              // The failure of the other is known once that has ended.
              assertTrue(hasEnded(started.element()));
              begun.incrementAndGet();
              return text(i, 1);
            },
            ParallelEncodingTest::vectors);
    assertThrows(Refused.class, () -> encoding(2, 1).encode(1_000_000, steps));
    assertTrue(begun.get() <= ParallelEncoding.GRAIN, begun + " texts");
  }

  private static boolean hasEnded(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aThreadThatCannotBeStartedIsTold() {
    OutOfMemoryError none = new OutOfMemoryError("unable to create native thread");
    AtomicInteger made = new AtomicInteger();
    ParallelEncoding encoding =
        new ParallelEncoding(
            4,
            1,
            work -> {
              if (made.incrementAndGet() == 3) {
                throw none;
              }
              return thread(work);
            });
    ParallelEncoding.Steps steps =
        new ParallelEncoding.Steps(i -> text(i, 1), ParallelEncodingTest::vectors);
    assertSame(none, assertThrows(OutOfMemoryError.class, () -> encoding.encode(1_000_000, steps)));
    assertEquals(2, started.size());
    assertInOrder(300, encoding.encode(300, steps), "the next call has its threads");
    assertEquals(5, started.size());
  }

  @Test
  void anInterruptIsKept() {
    ParallelEncoding.Steps steps =
        new ParallelEncoding.Steps(i -> text(i, 100), ParallelEncodingTest::vectors);
    Thread.currentThread().interrupt();
    List<Embedding> results = encoding(4, 1).encode(1000, steps);
    assertTrue(Thread.interrupted());
    allThreadsHaveEnded();
    assertInOrder(1000, results, "");
  }

  @Test
  void callsAtTheSameTimeShareTheThreads() throws Exception {
    int callers = 4;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ParallelEncoding encoding =
        new ParallelEncoding(
            callers,
            1,
            work ->
                thread(
                    () -> {
                      most.accumulateAndGet(running.incrementAndGet(), Math::max);
                      work.run();
                      running.decrementAndGet();
                    }));
    CountDownLatch allCalled = new CountDownLatch(10);
    ParallelEncoding.Steps steps =
        new ParallelEncoding.Steps(i -> text(i, 7), ParallelEncodingTest::vectors);
    try (ExecutorService calls = Executors.newFixedThreadPool(10)) {
      List<Future<List<Embedding>>> futures = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        futures.add(
            calls.submit(
                () -> {
                  allCalled.countDown();
                  assertTrue(waitFor(allCalled));
                  for (int earlier = 0; earlier < 5; earlier++) {
                    encoding.encode(300, steps);
                  }
                  return encoding.encode(3000, steps);
                }));
      }
      for (Future<List<Embedding>> future : futures) {
        assertInOrder(3000, future.get(), "");
      }
    }
    assertTrue(most.get() > 0 && most.get() < callers, most + " helpers at once");
  }

  @Test
  void fewTextsAreNotDivided() {
    int enough = 2 * ParallelEncoding.TEXTS_PER_THREAD;
    assertTrue(encoding(2, 1).pays(enough));
    assertFalse(encoding(2, 1).pays(enough - 1));
    assertFalse(encoding(1, 4).pays(1_000_000));
  }
}
