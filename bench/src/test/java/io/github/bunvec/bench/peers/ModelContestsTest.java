package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.Sentences;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Both graphs, with masks and without, give bunvec's vectors. */
class ModelContestsTest {

  private static final Set<Runtimes> ONNX = EnumSet.of(Runtimes.ONNXRUNTIME);

  private final List<String> seen = new ArrayList<>();

  private void agree(Contest contest) {
    seen.add(contest.name());
    assertEquals(
        List.of("ONNX Runtime, fused graph", "ONNX Runtime, plain graph"),
        contest.contenders().stream()
            .filter(contender -> !contender.own())
            .map(Contender::name)
            .toList());
    contest.requireAgreement();
  }

  @Test
  void graphsAgreeOnEqualLengths() throws Exception {
    try (RandomModel model = RandomModel.write(BertShape.named("tiny"));
        ModelContests contests = new ModelContests(model, ONNX, 2)) {
      contests.equalLengths("3x17", this::agree);
      contests.equalLengths("1x5", this::agree);
    }
    assertEquals(List.of("3x17", "1x5"), seen);
  }

  @Test
  void graphsAgreeOnMixedLengths() throws Exception {
    try (RandomModel model = RandomModel.write(BertShape.named("tiny"));
        ModelContests contests = new ModelContests(model, ONNX, 1)) {
      contests.mixedLengths(Sentences.read(), 40, this::agree);
    }
    assertEquals(3, seen.size());
  }

  @Test
  void aWrongGraphIsFoundOut() throws Exception {
    try (RandomModel model = RandomModel.write(BertShape.named("tiny"));
        ModelContests contests = new ModelContests(model, ONNX, 1)) {
      contests.equalLengths(
          "2x9",
          contest -> {
            Contender other = contest.contenders().getLast();
            Contender swapped =
                new Contender("swapped", false, Agreement.FP32, other.task(), new int[][] {{1, 0}});
            Contest wrong =
                new Contest(
                    "", "", 1, 2, 18, false, List.of(contest.contenders().getFirst(), swapped));
            String message =
                assertThrows(IllegalStateException.class, wrong::requireAgreement).getMessage();
            assertTrue(message.startsWith("swapped differs"), message);
          });
    }
  }
}
