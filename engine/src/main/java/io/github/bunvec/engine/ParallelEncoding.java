package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the texts of a call by several threads, for a backend that computes elsewhere: some
 * tokenize while others wait for their batches.
 *
 * <p>A lone call has as many threads as {@link Backend#callers} says, its own among them. Calls at
 * the same time share those beside their own; one that finds none goes on alone.
 */
final class ParallelEncoding {

  /** Texts that a thread claims at a time. */
  static final int GRAIN = 16;

  /**
   * Texts for each thread at least: half a millisecond of tokenizing, where to start a thread takes
   * some 0.1 ms; of 64 tokens each they are a batch.
   */
  static final int TEXTS_PER_THREAD = 64;

  /** How a text becomes tokens, and a batch of them results; called by several threads at once. */
  record Steps(
      IntFunction<Encoding> tokenizing, Function<List<Encoding>, List<Embedding>> computing) {}

  /** What went wrong, and the first text it stands for. */
  private record Failure(int index, Throwable cause) {}

  private record Text(int index, Encoding encoding) {}

  private final int callers;
  private final int backendThreads;
  private final Semaphore helpers; // free ones, of all calls together
  private final ThreadFactory threads;

  ParallelEncoding(Backend backend) {
    this(
        backend.callers(),
        backend.threads(),
        Thread.ofPlatform().daemon().name("bunvec-encode-", 1).factory());
  }

  ParallelEncoding(int callers, int backendThreads, ThreadFactory threads) {
    this.callers = callers;
    this.backendThreads = backendThreads;
    this.helpers = new Semaphore(callers - 1);
    this.threads = threads;
  }

  /** Returns whether so many texts are worth a second thread. */
  boolean pays(int texts) {
    return callers > 1 && texts >= 2 * TEXTS_PER_THREAD;
  }

  /**
   * Encodes texts; the thread that calls is one of those that do it, and the others have ended when
   * this returns or throws.
   *
   * <p>After a failure no text behind it is begun. Those before it are, so that of several failures
   * the one told is that of the smallest index; where computing fails, that of the batch's first
   * text.
   *
   * @param texts how many
   * @param steps what to do with them
   * @return one result per text, in order
   */
  List<Embedding> encode(int texts, Steps steps) {
    int helping = take(Math.min(callers, texts / TEXTS_PER_THREAD) - 1);
    try {
      return new Call(texts, steps, tokensPerBatch(helping)).encode(helping);
    } finally {
      helpers.release(helping);
    }
  }

  /**
   * While one thread tokenizes, the batches of the others keep every thread of the backend busy;
   * where there are more of them than of the backend's, a batch is what one of those computes.
   */
  private int tokensPerBatch(int helping) {
    return Math.multiplyExact(
        EmbeddingModel.TOKENS_PER_RUN_AND_THREAD,
        Math.ceilDiv(backendThreads, Math.max(1, helping)));
  }

  private int take(int most) {
    int taken = 0;
    while (taken < most && helpers.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  /** One call's texts. */
  private final class Call {

    private final Steps steps;
    private final int tokensPerBatch;
    private final Embedding[] results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

    Call(int texts, Steps steps, int tokensPerBatch) {
      this.steps = steps;
      this.tokensPerBatch = tokensPerBatch;
      this.results = new Embedding[texts];
    }

    List<Embedding> encode(int helping) {
      List<Thread> others = new ArrayList<>();
      try {
        for (int i = 0; i < helping; i++) {
          Thread other = threads.newThread(new Member(this));
          other.start();
          others.add(other);
        }
      } catch (RuntimeException | Error e) {
        fail(-1, e); // before every text: those that have started stop
      }
      new Member(this).run();
      await(others);
      Failure told = failure.get();
      return switch (told == null ? null : told.cause()) {
        case null -> new ArrayList<>(Arrays.asList(results));
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      };
    }

    private static void await(List<Thread> others) {
      boolean interrupted = false;
      for (Thread other : others) {
        while (other.isAlive()) {
          try {
            other.join();
          } catch (InterruptedException e) {
            interrupted = true; // they write to this call's results
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Returns the first of the texts a thread does next; their number when there are no more. */
    int claim() {
      int texts = results.length;
      return failure.get() == null
          ? next.getAndUpdate(first -> first + Math.min(GRAIN, texts - first))
          : texts;
    }

    boolean mayDo(int index) {
      Failure known = failure.get();
      return known == null || index < known.index();
    }

    void fail(int index, Throwable cause) {
      failure.accumulateAndGet(
          new Failure(index, cause),
          (known, other) -> known != null && known.index() <= other.index() ? known : other);
    }
  }

  /** One thread's way through a call. */
  private static final class Member implements Runnable {

    private final Call call;
    private final List<Text> batch = new ArrayList<>();
    private int tokens; // of the batch
    private int current; // the text that a failure now would be told of

    Member(Call call) {
      this.call = call;
    }

    @Override
    public void run() {
      int texts = call.results.length;
      try {
        for (int first = call.claim(); first < texts; first = call.claim()) {
          int last = first + Math.min(GRAIN, texts - first);
          for (int i = first; i < last && call.mayDo(i); i++) {
            add(i);
          }
        }
        compute();
      } catch (RuntimeException | Error e) {
        call.fail(current, e);
      }
    }

    /** A batch ends before it exceeds its tokens: a rest would be a small batch of its own. */
    private void add(int index) {
      current = index;
      Encoding encoding = call.steps.tokenizing().apply(index);
      int length = encoding.ids().length;
      if (tokens + length > call.tokensPerBatch) {
        compute();
      }
      batch.add(new Text(index, encoding));
      tokens += length;
    }

    private void compute() {
      if (!batch.isEmpty() && call.mayDo(batch.getFirst().index())) {
        current = batch.getFirst().index();
        List<Embedding> embeddings =
            call.steps.computing().apply(batch.stream().map(Text::encoding).toList());
        for (int i = 0; i < batch.size(); i++) {
          call.results[batch.get(i).index()] = embeddings.get(i);
        }
      }
      batch.clear();
      tokens = 0;
    }
  }
}
