package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class Bfloat16Test {

  @Test
  void everyValueSurvives() {
    for (int bits = 0; bits < 0x10000; bits++) {
      float value = Bfloat16.toFloat(bits);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(Bfloat16.toFloat(Bfloat16.fromFloat(value))));
      } else {
        assertEquals(bits, Bfloat16.fromFloat(value));
      }
    }
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    RandomShapes.check(
        20_000,
        random -> {
          float value =
              Float.intBitsToFloat(random.nextInt() & (random.nextBoolean() ? -1 : ~0x7FFF));
          if (!Float.isFinite(value) || Math.abs(value) > 3.3e38f) {
            return;
          }
          int below = Float.floatToRawIntBits(value) >>> 16;
          BigDecimal exact = new BigDecimal(value);
          BigDecimal down = exact.subtract(new BigDecimal(Bfloat16.toFloat(below))).abs();
          BigDecimal up = exact.subtract(new BigDecimal(Bfloat16.toFloat(below + 1))).abs();
          int order = down.compareTo(up);
          int expected = order < 0 || (order == 0 && (below & 1) == 0) ? below : below + 1;
          assertEquals(expected, Bfloat16.fromFloat(value), () -> "value " + value);
        });
  }

  @Test
  void infinityStaysAndTheGreatestFloatRoundsToIt() {
    assertEquals(
        Float.POSITIVE_INFINITY, Bfloat16.toFloat(Bfloat16.fromFloat(Float.POSITIVE_INFINITY)));
    assertEquals(Float.POSITIVE_INFINITY, Bfloat16.toFloat(Bfloat16.fromFloat(Float.MAX_VALUE)));
  }
}
