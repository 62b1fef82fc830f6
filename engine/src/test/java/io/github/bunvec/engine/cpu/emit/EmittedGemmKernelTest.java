package io.github.bunvec.engine.cpu.emit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.cpu.kernel.WarmingGemmKernel;
import io.github.bunvec.engine.cpu.kernel.WeightPacking;
import io.github.bunvec.engine.spi.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The emitted FP32 kernels against their plain-loop twin: every bit, any shape. */
class EmittedGemmKernelTest {

  private static GemmKernel kernel(PanelForm form) {
    PanelOffer offer = PanelOffer.of(form);
    GemmKernel kernel = offer.kernel();
    assumeTrue(kernel != null, offer.reason());
    return kernel;
  }

  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void panelsEqualThePlainLoops(PanelForm form) {
    panelsEqualThePlainLoops(kernel(form), false);
  }

  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void panelsOfBf16EqualThePlainLoops(PanelForm form) {
    panelsEqualThePlainLoops(kernel(form), true);
  }

  private static void panelsEqualThePlainLoops(GemmKernel kernel, boolean bf16) {
    long seed = System.nanoTime();
    for (int i = 0; i < 150; i++) {
      // All tiles, more than one call, and a panel at the end of its array.
      int m = i < 25 ? i + 1 : 1 + new Random(seed + i).nextInt(60);
      check(kernel, bf16, m, seed + i);
    }
    check(kernel, bf16, 4000, seed);
  }

  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void transposesAsPlainLoops(PanelForm form) {
    EmittedGemmKernel kernel = (EmittedGemmKernel) kernel(form);
    long seed = System.nanoTime();
    int nr = kernel.columns();
    for (int k : new int[] {1, 2, 15, 16, 17, 32, 100, 768, 3073}) {
      float[] rows = floats(new Random(seed), nr * k);
      float[] expected = new float[k * nr];
      WeightPacking.fp32(rows, k, nr, expected, 0);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment found = arena.allocate(ValueLayout.JAVA_FLOAT, (long) k * nr + 1);
        found.setAtIndex(ValueLayout.JAVA_FLOAT, (long) k * nr, 7);
        kernel.transpose(rows, k, found.address());
        float[] values = found.toArray(ValueLayout.JAVA_FLOAT);
        assertArrayEquals(expected, Arrays.copyOf(values, k * nr), "seed " + seed + " k=" + k);
        assertEquals(7, values[k * nr], "what lies behind");
      }
    }
  }

  /** What a model computes with until the JVM has compiled the vector kernels. */
  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void attentionHasTheBitsOfVectors(PanelForm form) {
    GemmKernel vectors = GemmKernel.ofBits(32 * form.lanes);
    GemmKernel cold = new WarmingGemmKernel(vectors, kernel(form), WeightType.FP32);
    Attention.Scratch scratch = new Attention.Scratch();
    long seed = System.nanoTime();
    for (int length : new int[] {1, 15, 16, 17, 65, 130}) {
      for (int width : new int[] {32, 64, 72}) {
        int stride = 3 * width;
        float[] qkv = floats(new Random(seed), length * stride);
        float[] expected = new float[length * width];
        float[] found = new float[length * width];
        for (GemmKernel kernel : List.of(vectors, cold)) {
          float[] out = kernel == cold ? found : expected;
          Attention.head(
              kernel, length, length, width, qkv, 0, width, 2 * width, stride, out, 0, width,
              scratch);
        }
        assertArrayEquals(expected, found, "seed " + seed + " " + length + "x" + width);
      }
    }
  }

  private static void check(GemmKernel kernel, boolean bf16, int m, long seed) {
    Random random = new Random(seed);
    int nr = kernel.columns();
    int k = m == 4000 ? 300 : 1 + random.nextInt(80);
    int lda = k + random.nextInt(5);
    int ldc = nr + random.nextInt(9);
    boolean accumulate = random.nextBoolean();
    float[] a = floats(random, 3 + (m - 1) * lda + k);
    float[] b = floats(random, 5 + k * nr);
    int[] pairs = random.ints(5 + k * nr / 2, 0x3C003C00, 0x3F003F00).toArray();
    float[] bias = floats(random, nr);
    float[] expected = floats(random, 7 + m * ldc);
    float[] found = expected.clone();
    for (float[] c : new float[][] {expected, found}) {
      GemmKernel used = c == expected ? GemmKernel.plain(kernel) : kernel;
      float[] init = accumulate ? c : bias;
      int start = accumulate ? 7 : 0;
      int stride = accumulate ? ldc : 0;
      if (bf16) {
        used.panelBf16(m, k, a, 3, lda, pairs, 5, init, start, stride, c, 7, ldc);
      } else {
        used.panel(m, k, a, 3, lda, b, 5, init, start, stride, c, 7, ldc);
      }
    }
    assertArrayEquals(expected, found, "seed " + seed + " m=" + m + " k=" + k);
  }

  /** A machine whose vectors are narrower than its registers gets the form of its vectors. */
  @Test
  void theFormHereIsThatOfTheVectors() {
    EmittedGemmKernel kernel = PanelOffer.here().kernel();
    assumeTrue(kernel != null, PanelOffer.here().reason());
    assertEquals(VectorWidth.bits(), kernel.lanes() * Float.SIZE);
  }

  /** The proof at start must notice what it is there for. */
  @Test
  void aWrongKernelIsNotRight() {
    GemmKernel right = GemmKernel.plain(GemmKernel.ofBits(256));
    assertTrue(PanelOffer.isRight(right));
    assertFalse(PanelOffer.isRight(new WrongInTheLastRow(right)));
  }

  @Test
  void refusesAnUnknownWish() {
    System.setProperty(PanelOffer.PROPERTY, "maybe");
    try {
      assertTrue(
          assertThrows(IllegalArgumentException.class, PanelOffer::here)
              .getMessage()
              .contains("'maybe', expected auto or off"));
      System.setProperty(PanelOffer.PROPERTY, "off");
      assertEquals("switched off by bunvec.machineCode", PanelOffer.here().reason());
    } finally {
      System.clearProperty(PanelOffer.PROPERTY);
    }
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private record WrongInTheLastRow(GemmKernel right) implements GemmKernel {

    @Override
    public int lanes() {
      return right.lanes();
    }

    @Override
    public int rows() {
      return right.rows();
    }

    @Override
    public int columns() {
      return right.columns();
    }

    @Override
    public void panel(
        int m,
        int k,
        float[] a,
        int aOffset,
        int lda,
        float[] b,
        int bOffset,
        float[] init,
        int initOffset,
        int initStride,
        float[] c,
        int cOffset,
        int ldc) {
      right.panel(m, k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
      c[cOffset + (m - 1) * ldc] = Math.nextUp(c[cOffset + (m - 1) * ldc]);
    }

    @Override
    public void panelBf16(
        int m,
        int k,
        float[] a,
        int aOffset,
        int lda,
        int[] b,
        int bOffset,
        float[] init,
        int initOffset,
        int initStride,
        float[] c,
        int cOffset,
        int ldc) {
      right.panelBf16(
          m, k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
    }
  }
}
