package io.github.bunvec.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PeerBenchmarkTest {

  @Test
  void bothRuntimesGiveTheSameVectors() throws Exception {
    PeerBenchmark benchmark = new PeerBenchmark();
    benchmark.model = "tiny";
    benchmark.input = "3x17";
    benchmark.threads = 2;
    benchmark.load();
    benchmark.close();
  }

  @Test
  void differencesAndNansAreRefused() {
    float[][] one = {{1, 2}, {3, 4}};
    assertDoesNotThrow(() -> PeerBenchmark.requireEqual(one, new float[][] {{1, 2}, {3, 4}}));
    for (float wrong : new float[] {4.001f, Float.NaN, Float.POSITIVE_INFINITY}) {
      float[][] other = {{1, 2}, {3, wrong}};
      assertThrows(IllegalStateException.class, () -> PeerBenchmark.requireEqual(one, other));
    }
  }
}
