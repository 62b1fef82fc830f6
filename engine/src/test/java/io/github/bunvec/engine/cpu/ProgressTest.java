package io.github.bunvec.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Parts of shared operations: each is someone's once, a member's own come first. */
class ProgressTest {

  @Test
  void membersWorkOffTheirRunsAndThenTheOthers() {
    Progress progress = new Progress();
    progress.reset(2, 3);
    List<Integer> claimed = new ArrayList<>();
    claimed.add(progress.claim(1, 1, 7));
    claimed.add(progress.claim(1, 1, 7));
    claimed.add(progress.claim(1, 1, 7));
    claimed.add(progress.claim(1, 0, 7));
    for (int part = 0; part < 7; part = claimed.getLast()) {
      claimed.add(progress.claim(1, 1, 7));
    }
    // Runs 0 1, 2 3, 4 5 6: its own, then the next member's, one left to the first.
    assertEquals(List.of(2, 3, 4, 0, 5, 6, 1, 7), claimed);
    assertEquals(0, progress.claim(0, 0, 1), "the other operation has its own counters");
  }

  @Test
  void everyPartIsClaimedOnce() throws InterruptedException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Progress progress = new Progress();
    for (int round = 0; round < 50; round++) {
      int members = 1 + random.nextInt(8);
      int parts = random.nextInt(60);
      int operations = 1 + random.nextInt(5);
      progress.reset(operations, members);
      AtomicIntegerArray claims = new AtomicIntegerArray(operations * Math.max(1, parts));
      List<Thread> threads = new ArrayList<>();
      for (int m = 0; m < members; m++) {
        int member = m;
        threads.add(
            Thread.ofPlatform().start(() -> work(progress, operations, member, parts, claims)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      for (int i = 0; i < operations * parts; i++) {
        assertEquals(1, claims.get(i), "seed " + seed + ", round " + round + ", part " + i);
      }
      for (int member = 0; member < members; member++) {
        assertTrue(progress.begin(member, parts) <= progress.begin(member + 1, parts));
      }
    }
  }

  private static void work(
      Progress progress, int operations, int member, int parts, AtomicIntegerArray claims) {
    for (int operation = 0; operation < operations; operation++) {
      int finished = 0;
      int part = progress.claim(operation, member, parts);
      for (; part < parts; part = progress.claim(operation, member, parts)) {
        claims.getAndIncrement(operation * parts + part);
        finished++;
      }
      progress.finish(operation, finished);
      progress.await(operation, parts);
    }
  }
}
