package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.AtOnce;
import io.github.bunvec.bench.peers.Outcome.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the contenders of a contest work in turn, round after round.
 *
 * <p>Every round has all of them, and begins with the next one each time, so that a slow minute of
 * the machine meets all alike. Before a turn everything falls silent, the FMA ceiling of all
 * threads is measured, and the first call is done once untimed: it wakes the contender's threads
 * and fetches its weights. Before the first round each has some calls that are not counted. A
 * round's ceiling is the mean of those before its turns.
 *
 * @param rounds how many rounds
 * @param threads how many threads the contenders compute with
 * @param turn how long a turn lasts at least, in nanoseconds; all the work is done at least once
 * @param window how long the ceiling is measured each time, in nanoseconds
 */
record Rounds(int rounds, int threads, long turn, long window) {

  /** Runs a contest; results have been compared before. */
  Outcome run(Contest contest) {
    List<Contender> contenders = contest.contenders();
    double[][] seconds = new double[contenders.size()][rounds];
    double[] core = new double[rounds];
    double[] ceiling = new double[rounds];
    for (Contender contender : contenders) {
      warmUp(contender.task());
    }
    for (int round = 0; round < rounds; round++) {
      Quiet.await();
      core[round] = AtOnce.gflops(1, window);
      for (int i = 0; i < contenders.size(); i++) {
        int at = (round + i) % contenders.size();
        Quiet.await();
        ceiling[round] += AtOnce.gflops(threads, window) / contenders.size();
        seconds[at][round] = seconds(contest, contenders.get(at).task());
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      Contender contender = contenders.get(i);
      entries.add(new Entry(contender.name(), contender.own(), contender.agreement(), seconds[i]));
    }
    return new Outcome(
        contest.section(),
        contest.name(),
        threads,
        contest.texts(),
        contest.tokens(),
        contest.single(),
        contest.flops() * 1e-9,
        core,
        ceiling,
        entries);
  }

  /** Calls for as long as a turn lasts, be that all the work or a part of it. */
  private void warmUp(Task task) {
    long start = System.nanoTime();
    int call = 0;
    do {
      task.run(call);
      call = (call + 1) % task.calls();
    } while (System.nanoTime() - start < turn);
  }

  private double seconds(Contest contest, Task task) {
    task.run(0);
    return contest.single() ? medianCall(task) : allCalls(task);
  }

  private double allCalls(Task task) {
    int times = 0;
    long start = System.nanoTime();
    long elapsed;
    do {
      for (int call = 0; call < task.calls(); call++) {
        task.run(call);
      }
      times++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < turn);
    return elapsed * 1e-9 / times;
  }

  private static double medianCall(Task task) {
    double[] seconds = new double[task.calls()];
    for (int call = 0; call < seconds.length; call++) {
      long start = System.nanoTime();
      task.run(call);
      seconds[call] = (System.nanoTime() - start) * 1e-9;
    }
    return Statistics.median(seconds);
  }
}
