package io.github.bunvec.engine.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // run looks at all of them
class LoadingTasksTest {

  @Test
  void doesEveryPartOnce() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      LoadingTasks tasks = new LoadingTasks();
      AtomicInteger done = new AtomicInteger();
      List<FutureTask<Integer>> parts = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int part = i;
        parts.add(
            tasks.add(
                () -> {
                  done.incrementAndGet();
                  return part;
                }));
      }
      assertEquals(0, done.get());
      tasks.run(threads);
      assertEquals(20, done.get());
      for (int i = 0; i < parts.size(); i++) {
        assertEquals(i, LoadingTasks.result(parts.get(i)));
      }
    }
  }

  /** Two parts that wait for each other can only be done by two threads. */
  @Test
  void partsAreDoneAtTheSameTime() {
    LoadingTasks tasks = new LoadingTasks();
    CountDownLatch both = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      tasks.add(
          () -> {
            both.countDown();
            try {
              both.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return 0;
          });
    }
    tasks.run(2);
    assertEquals(0, both.getCount());
  }

  @Test
  void throwsTheFirstFailureAndBeginsNoFurtherPart() {
    for (int threads : new int[] {1, 3}) {
      LoadingTasks tasks = new LoadingTasks();
      OutOfMemoryError failure = new OutOfMemoryError("as it were");
      AtomicInteger later = new AtomicInteger();
      tasks.add(() -> 1);
      tasks.add(
          () -> {
            throw failure;
          });
      for (int i = 0; i < 1000; i++) {
        tasks.add(
            () -> {
              Thread.onSpinWait();
              return later.incrementAndGet();
            });
      }
      assertSame(failure, assertThrows(OutOfMemoryError.class, () -> tasks.run(threads)));
      assertTrue(threads > 1 || later.get() == 0, later + " parts were begun after the failure");
    }
  }
}
