package io.github.bunvec.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.cpu.emit.Bf16Offer;
import io.github.bunvec.engine.reference.ReferenceBackendProvider;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.WeightType;
import org.junit.jupiter.api.Test;

class CpuArithmeticTest {

  private static Backend cpu(Arithmetic arithmetic) {
    return new CpuBackendProvider().create(new BackendOptions(WeightType.FP32, arithmetic, 1));
  }

  @Test
  void fp32IsTheDefaultAndSaysNothing() {
    assertEquals(Arithmetic.FP32, new BackendOptions(WeightType.FP32, 1).arithmetic());
    try (Backend backend = cpu(Arithmetic.FP32)) {
      assertEquals(Arithmetic.FP32, backend.arithmetic());
      assertTrue(!backend.description().contains("arithmetic"), backend.description());
    }
  }

  @Test
  void whatIsAskedForIsThereOrRefused() {
    Bf16Offer offer = Bf16Offer.here();
    if (offer.instruction() == null) {
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> cpu(Arithmetic.BF16));
      assertTrue(String.valueOf(refusal.getMessage()).contains(offer.reason()));
      return;
    }
    try (Backend backend = cpu(Arithmetic.BF16)) {
      assertEquals(Arithmetic.BF16, backend.arithmetic());
      String description = backend.description();
      assertTrue(description.contains(offer.instruction().mnemonic()), description);
    }
  }

  @Test
  void theAutomaticChoiceSaysWhy() {
    try (CpuArithmetic choice = CpuArithmetic.of(Arithmetic.AUTO)) {
      String description = choice.description();
      if (choice.bf16() == null) {
        assertTrue(description.startsWith("; FP32 arithmetic, not BF16: "), description);
        assertTrue(description.length() > 40, description);
      } else {
        assertNotNull(Bf16Offer.here().instruction());
        assertTrue(description.startsWith("; BF16 arithmetic: "), description);
      }
    }
  }

  @Test
  void tf32IsRefusedAndSaysWhereItIs() {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> cpu(Arithmetic.TF32));
    assertEquals(
        "TF32 arithmetic is not available: the backend 'cpu' computes in FP32 or BF16; TF32 is there"
            + " with the backend 'cuda'",
        refusal.getMessage());
  }

  @Test
  void theReferenceHasNone() {
    ReferenceBackendProvider provider = new ReferenceBackendProvider();
    BackendOptions bf16 = new BackendOptions(WeightType.FP32, Arithmetic.BF16, 1);
    assertThrows(IllegalStateException.class, () -> provider.create(bf16));
    BackendOptions tf32 = new BackendOptions(WeightType.FP32, Arithmetic.TF32, 1);
    assertEquals(
        "the backend 'reference' computes in double; TF32 arithmetic is there with the backend 'cuda'",
        assertThrows(IllegalStateException.class, () -> provider.create(tf32)).getMessage());
    BackendOptions auto = new BackendOptions(WeightType.FP32, Arithmetic.AUTO, 1);
    try (Backend backend = provider.create(auto)) {
      assertEquals(Arithmetic.FP32, backend.arithmetic());
    }
    assertNull(CpuArithmetic.VECTORS.bf16());
  }
}
