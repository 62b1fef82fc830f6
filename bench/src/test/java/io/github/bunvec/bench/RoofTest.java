package io.github.bunvec.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoofTest {

  @Test
  void theRoofIsWhatBindsFirst() {
    // 16 tokens in FP32: 2 * 16 FLOPs for 4 bytes of a weight.
    assertEquals(8 * 20.0, Roof.gflops(200, 20, 8));
    assertEquals(200, Roof.gflops(200, 30, 8));
  }

  @Test
  void bothDenominatorsCanBeMeasuredOnSeveralThreads() {
    Bandwidth memory = new Bandwidth(4);
    for (int threads = 1; threads <= 3; threads++) {
      double ceiling = AtOnce.gflops(threads, 1_000_000);
      assertTrue(ceiling > 0 && Double.isFinite(ceiling), threads + " threads: " + ceiling);
      double read = memory.gigabytes(threads, 1_000_000);
      assertTrue(read > 0 && Double.isFinite(read), threads + " threads: " + read);
    }
    assertEquals(4 << 20, memory.bytes());
    assertTrue(memory.read() > 0);
    assertThrows(IllegalArgumentException.class, () -> memory.gigabytes(5, 1));
  }
}
