package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final float[][] EXPECTED = {{1, 2}, {3, 4}};

  @Test
  void fp32AllowsRoundingOnly() {
    float[][] near = {{1.00005f, 2}, {3, 3.99995f}};
    assertDoesNotThrow(() -> Agreement.FP32.require("near", near, EXPECTED));
    for (float wrong : new float[] {4.001f, Float.NaN, Float.POSITIVE_INFINITY}) {
      refused(Agreement.FP32, wrong);
    }
  }

  @Test
  void bf16AllowsTheSameDirection() {
    float[][] near = {{1.01f, 2}, {3, 4.01f}};
    assertDoesNotThrow(() -> Agreement.BF16.require("near", near, EXPECTED));
    for (float wrong : new float[] {5, -4, Float.NaN, Float.POSITIVE_INFINITY}) {
      refused(Agreement.BF16, wrong);
    }
  }

  private static void refused(Agreement agreement, float wrong) {
    float[][] found = {{1, 2}, {3, wrong}};
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class, () -> agreement.require("the peer", found, EXPECTED));
    assertTrue(refusal.getMessage().startsWith("the peer"), refusal.getMessage());
  }
}
