package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.gpu.KernelWork.Rows;
import io.github.bunvec.bench.gpu.LinearCases.Layer;
import io.github.bunvec.kernels.cuda.device.ElementType;
import org.junit.jupiter.api.Test;

class KernelWorkTest {

  private static final ElementType BF16 = ElementType.BF16;
  private static final ElementType F32 = ElementType.F32;

  /** Six tokens, three sequences of two, rows of eight values. */
  private static final Rows ROWS = new Rows(6, 2, 8);

  @Test
  void bytesAreThoseOfTheContracts() {
    // Six ids and positions; nine rows of tables and six of the sum; gamma and beta.
    assertEquals(2 * 6 * 4 + (9 + 6) * 8 * 2 + 2 * 8 * 4, KernelWork.embed(BF16, ROWS).bytes());
    assertEquals(3 * 48 * 2 + 64, KernelWork.addLayerNorm(BF16, ROWS).bytes());
    assertEquals(2 * 48 * 4 + 64, KernelWork.layerNorm(F32, ROWS).bytes());
    assertEquals(2 * 48 * 4, KernelWork.activation(F32, ROWS).bytes());
    assertEquals(3 * 48 * 2, KernelWork.accumulate(BF16, ROWS).bytes());
    assertEquals(48 * (2 + 4), KernelWork.cast(BF16, ROWS).bytes());
    assertEquals(48 * (2 + 4), KernelWork.cast(F32, ROWS).bytes());
    // Six rows in, three out; four borders and three counts of rows left out.
    assertEquals(48 * 2 + 24 * 4 + 16 + 12, KernelWork.pool(BF16, ROWS).bytes());
    assertEquals(2 * 24 * 4, KernelWork.normalize(ROWS).bytes());
    assertEquals(4 * 48 * 2 + 16, KernelWork.attention(BF16, ROWS).bytes());
    // Keys and values of six tokens, three queries, three rows of FP32.
    assertEquals((96 + 24) * 2 + 24 * 4 + 16, KernelWork.attentionFirst(BF16, ROWS).bytes());
    assertEquals((6 * 4 + 3 * 4 + 6 * 3 + 3) * 4, KernelWork.linear(F32, 6, 3, 4).bytes());
  }

  @Test
  void operationsOfALayerAreThoseOfTheModel() {
    BertShape shape = BertShape.named("bert-large");
    Rows rows = new Rows(4096, 32, shape.hidden());
    double layer = KernelWork.attention(BF16, rows).flops();
    for (Layer each : LinearCases.of(shape)) {
      layer += KernelWork.linear(BF16, rows.tokens(), each.n(), each.k()).flops();
    }
    assertEquals(rows.sequences() * shape.flops(32), shape.layers() * layer, 1);
    // The first of three tokens meets three keys.
    assertEquals(4 * 3 * 8, KernelWork.attentionFirst(F32, new Rows(3, 3, 8)).flops());
    assertEquals(0, KernelWork.addLayerNorm(BF16, rows).flops());
  }

  @Test
  void theFloorIsTheGreaterOfBytesAndProducts() {
    Ceilings ceilings = new Ceilings(0, 1e12, 500e12, 50e12, 100e12);
    KernelWork bytes = new KernelWork(BF16, 1e6, 1e6);
    assertEquals(1000, bytes.floorNanos(ceilings), 1e-9);
    assertFalse(bytes.boundByProducts(ceilings));
    KernelWork products = new KernelWork(F32, 1e6, 100e6);
    assertEquals(2000, products.floorNanos(ceilings), 1e-9);
    assertTrue(products.boundByProducts(ceilings));
    assertFalse(new KernelWork(BF16, 1e6, 100e6).boundByProducts(ceilings));
  }

  @Test
  void sequencesAreWhole() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Rows(33, 32, 8));
    assertTrue(e.getMessage().contains("33 tokens in sequences of 32"), e.getMessage());
  }

  @Test
  void setsComeToSeveralTimesTheCache() {
    Sets sets = Sets.beyond(50 << 20);
    assertEquals(200, sets.count(1 << 20));
    assertEquals(34, sets.count(6 << 20));
    assertEquals(1, sets.count(1L << 32));
    assertEquals(1024, sets.count(1));
  }
}
