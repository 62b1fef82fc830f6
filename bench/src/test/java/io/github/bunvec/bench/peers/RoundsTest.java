package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private final List<String> log = new ArrayList<>();

  private final class Recorded implements Task {

    private final String name;
    private final float[][][] results;
    private int last;

    Recorded(String name, float[][]... results) {
      this.name = name;
      this.results = results;
    }

    @Override
    public int calls() {
      return results.length;
    }

    @Override
    public void run(int call) {
      log.add(name + call);
      last = call;
    }

    @Override
    public float[][] result() {
      return results[last];
    }

    @Override
    public void close() {
      log.add(name + " closed");
    }
  }

  private static Contest contest(boolean single, Contender... contenders) {
    return new Contest("section", "work", 2e9, 2, 5, single, List.of(contenders));
  }

  private Contender contender(String name, int[][] order, float[][]... results) {
    return new Contender(
        name, name.equals("a"), Agreement.FP32, new Recorded(name, results), order);
  }

  @Test
  void everyRoundHasAllAndBeginsWithTheNext() {
    Contest contest =
        contest(
            false,
            contender("a", new int[][] {{0, 1}}, new float[2][1]),
            contender("b", new int[][] {{0, 1}}, new float[2][1]),
            contender("c", new int[][] {{1}, {0}}, new float[1][1], new float[1][1]));
    Outcome outcome = new Rounds(3, 1, 0, 1000).run(contest);
    // A call to warm up; then a first call untimed and all calls timed.
    assertEquals(
        "a0 b0 c0 " + "a0 a0 b0 b0 c0 c0 c1 " + "b0 b0 c0 c0 c1 a0 a0 " + "c0 c0 c1 a0 a0 b0 b0",
        String.join(" ", log));
    assertEquals(3, outcome.entries().size());
    outcome.entries().forEach(entry -> assertEquals(3, entry.seconds().length));
    for (double ceiling : outcome.ceiling()) {
      assertTrue(ceiling > 0);
    }
    assertEquals(2, outcome.gflop());
  }

  @Test
  void singleCallsAreTimedOneByOne() {
    float[][] vector = {{1}};
    Contest contest =
        contest(true, contender("a", new int[][] {{0}, {1}, {0}}, vector, vector, vector));
    Outcome outcome = new Rounds(1, 1, 5_000_000, 1000).run(contest);
    String log = String.join(" ", this.log);
    // The warm-up may end at any call; then a first call untimed and each call once.
    assertTrue(log.endsWith("a0 a0 a1 a2"), () -> log.substring(Math.max(0, log.length() - 60)));
    assertEquals(1, outcome.entries().getFirst().seconds().length);
  }

  @Test
  void differentResultsAreNotTimed() {
    int[][] sorted = {{1, 0}};
    int[][] given = {{0}, {1}};
    Contender ours = contender("a", given, new float[][] {{1}}, new float[][] {{2}});
    Contender same = contender("b", sorted, new float[][] {{2}, {1}});
    contest(false, ours, same).requireAgreement();
    assertArrayEquals(new float[][] {{1}, {2}}, same.results(2));
    Contender other = contender("c", sorted, new float[][] {{1}, {2}});
    Contest contest = contest(false, ours, same, other);
    assertThrows(IllegalStateException.class, contest::requireAgreement);
  }

  @Test
  void closingAContestClosesItsTasks() {
    contest(false, contender("a", new int[][] {{0, 1}}, new float[2][1])).close();
    assertEquals(List.of("a closed"), log);
  }
}
