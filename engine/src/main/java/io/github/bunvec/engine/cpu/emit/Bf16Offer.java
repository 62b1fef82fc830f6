package io.github.bunvec.engine.cpu.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this machine has to multiply BF16 with, or why it has nothing.
 *
 * @param instruction the fastest one that may be used; null for none
 * @param reason why there is none, or none that is faster, in a sentence; may be empty
 */
public record Bf16Offer(@Nullable Bf16Instruction instruction, String reason) {

  // arch_prctl(2) of x86-64: leave to use the registers of the tiles, which are 8 KB a thread.
  private static final long ARCH_PRCTL = 158;
  private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
  private static final long XFEATURE_XTILEDATA = 18;

  /**
   * Looks at the machine; calls emitted code only where the JVM was told to allow it.
   *
   * @return what there is
   */
  public static Bf16Offer here() {
    List<String> reasons = new ArrayList<>();
    for (Bf16Instruction instruction :
        List.of(Bf16Instruction.TILES, Bf16Instruction.DOT_PRODUCT)) {
      Optional<String> refusal = unavailableReason(instruction);
      if (refusal.isEmpty()) {
        return new Bf16Offer(instruction, String.join("; ", reasons));
      }
      if (!reasons.contains(refusal.get())) {
        reasons.add(refusal.get());
      }
    }
    return new Bf16Offer(null, String.join("; ", reasons));
  }

  /**
   * Looks for one instruction; asks the operating system for leave to use tiles.
   *
   * @param instruction which one
   * @return why it cannot be used here, or empty if it can
   */
  public static Optional<String> unavailableReason(Bf16Instruction instruction) {
    Optional<String> platform = Platform.current().unavailableReason();
    if (platform.isPresent()) {
      return platform;
    }
    Cpuid cpu = Cpuid.detect();
    if (!cpu.dotProduct()) {
      return Optional.of("this processor has no AVX512_BF16");
    }
    if (instruction == Bf16Instruction.DOT_PRODUCT) {
      return Optional.empty();
    }
    if (!cpu.tiles()) {
      return Optional.of("this processor has no AMX_BF16");
    }
    long result = LinuxMemory.systemCall(ARCH_PRCTL, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA);
    return result == 0
        ? Optional.empty()
        : Optional.of(
            "Linux does not let this process use AMX: arch_prctl(ARCH_REQ_XCOMP_PERM) gives errno "
                + -result);
  }
}
