package io.github.bunvec.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.WeightType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceBackendTest extends BackendContract {

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return new ReferenceBackend(weightType);
  }

  /** Two ways to round, written independently. */
  @Test
  void roundsToBfloat16AsTheKernelsDo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt() & (random.nextBoolean() ? -1 : ~0x7FFF));
      if (Math.abs(x) < 3.3e38f) {
        assertEquals(
            Bfloat16.toFloat(Bfloat16.fromFloat(x)), ReferenceBackend.bfloat16(x), "seed " + seed);
      }
    }
  }
}
