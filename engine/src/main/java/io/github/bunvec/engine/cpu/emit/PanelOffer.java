package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The FP32 micro-kernels as machine code, where this machine and this JVM can have them and they
 * have proved to be right; or why not.
 *
 * @param kernel the kernels; null for none
 * @param reason why there are none, in half a sentence; empty where there are
 */
public record PanelOffer(@Nullable EmittedGemmKernel kernel, String reason) {

  /** Set to {@code off}, it keeps machine code from being emitted for FP32. */
  public static final String PROPERTY = "bunvec.machineCode";

  private static final int LONGEST = 9; // the depth of the sums compared

  /** Made once a process: processor and code stay the same. */
  private static final ConcurrentMap<PanelForm, PanelOffer> OFFERS = new ConcurrentHashMap<>();

  /** Has the JVM make what calls machine code, where it may; {@link #here} finds it made. */
  public static void prepare() {
    if (Platform.current().unavailableReason().isEmpty()) {
      MachineCode.link();
    }
  }

  /**
   * Looks at the JVM and the machine, emits the kernels and compares them with plain loops.
   *
   * @return what there is
   * @throws IllegalArgumentException if the property has another value than auto or off
   */
  public static PanelOffer here() {
    String wish = System.getProperty(PROPERTY, "auto");
    if (!wish.equals("auto") && !wish.equals("off")) {
      throw new IllegalArgumentException(
          "system property " + PROPERTY + " is '" + wish + "', expected auto or off");
    }
    if (wish.equals("off")) {
      return new PanelOffer(null, "switched off by " + PROPERTY);
    }
    return switch (VectorWidth.bits()) {
      case 512 -> of(PanelForm.AVX512);
      case 256 -> of(PanelForm.AVX2);
      default -> unavailable();
    };
  }

  /**
   * As {@link #here}, for one instruction set, whatever the width of the JVM's vectors.
   *
   * @param form which one
   * @return what there is
   */
  public static PanelOffer of(PanelForm form) {
    if (Platform.current().unavailableReason().isPresent() || !Cpuid.detect().has(form)) {
      return unavailable();
    }
    return OFFERS.computeIfAbsent(form, PanelOffer::proved);
  }

  private static PanelOffer proved(PanelForm form) {
    EmittedGemmKernel kernel = new EmittedGemmKernel(form);
    return isRight(kernel)
        ? new PanelOffer(kernel, "")
        : new PanelOffer(null, "it gave other values than plain loops; please report this");
  }

  private static PanelOffer unavailable() {
    return new PanelOffer(
        null,
        Platform.current()
            .unavailableReason()
            .orElse("it is there for AVX-512, and for AVX2 with FMA"));
  }

  /** Compares every number of rows up to two tiles with the plain loops, to the bit. */
  static boolean isRight(GemmKernel kernel) {
    GemmKernel plain = GemmKernel.plain(kernel);
    Random random = new Random(1);
    int nr = kernel.columns();
    float[] b = floats(random, LONGEST * nr);
    int[] pairs = random.ints(LONGEST * nr / 2, 0x3C003C00, 0x3F003F00).toArray();
    for (int m = 1; m <= 2 * kernel.rows(); m++) {
      float[] a = floats(random, m * LONGEST);
      float[] first = floats(random, m * nr);
      float[] expected = first.clone();
      float[] found = first.clone();
      plain.panel(m, LONGEST, a, 0, LONGEST, b, 0, expected, 0, nr, expected, 0, nr);
      kernel.panel(m, LONGEST, a, 0, LONGEST, b, 0, found, 0, nr, found, 0, nr);
      boolean right = Arrays.equals(expected, found);
      plain.panelBf16(m, LONGEST, a, 0, LONGEST, pairs, 0, expected, 0, nr, expected, 0, nr);
      kernel.panelBf16(m, LONGEST, a, 0, LONGEST, pairs, 0, found, 0, nr, found, 0, nr);
      if (!right || !Arrays.equals(expected, found)) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
