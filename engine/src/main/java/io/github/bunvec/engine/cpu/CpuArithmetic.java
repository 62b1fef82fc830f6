package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.Bf16Gemm;
import io.github.bunvec.engine.cpu.emit.Bf16Instruction;
import io.github.bunvec.engine.cpu.emit.Bf16Offer;
import io.github.bunvec.engine.cpu.emit.Bf16Speed;
import io.github.bunvec.engine.cpu.emit.EmittedGemmKernel;
import io.github.bunvec.engine.cpu.emit.PanelGemm;
import io.github.bunvec.engine.cpu.emit.PanelOffer;
import io.github.bunvec.engine.spi.Arithmetic;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What linear layers are multiplied in, decided once when a backend is made.
 *
 * @param bf16 the BF16 kernels; null for FP32
 * @param fp32 the FP32 kernels as machine code; null for the vector kernels
 * @param description what to add to the backend's description
 */
record CpuArithmetic(@Nullable Bf16Gemm bf16, @Nullable PanelGemm fp32, String description)
    implements AutoCloseable {

  /** FP32 in the vector kernels. */
  static final CpuArithmetic VECTORS = new CpuArithmetic(null, null, "");

  /**
   * Decides.
   *
   * @throws IllegalStateException if BF16 is asked for and not available, or TF32, which never is
   */
  static CpuArithmetic of(Arithmetic asked) {
    if (asked == Arithmetic.TF32) {
      throw new IllegalStateException(
          "TF32 arithmetic is not available: the backend 'cpu' computes in FP32 or BF16; TF32 is"
              + " there with the backend 'cuda'");
    }
    if (asked == Arithmetic.FP32) {
      return fp32("");
    }
    Bf16Offer offer = Bf16Offer.here();
    Bf16Instruction instruction = offer.instruction();
    if (instruction == null) {
      if (asked == Arithmetic.BF16) {
        throw new IllegalStateException("BF16 arithmetic is not available: " + offer.reason());
      }
      return fp32("; FP32 arithmetic, not BF16: " + offer.reason());
    }
    Bf16Gemm gemm = Bf16Gemm.of(instruction);
    Bf16Speed speed = Bf16Speed.of(gemm);
    String measured =
        String.format(
            Locale.ROOT,
            "%s reaches %.0f GFLOP/s where FP32 cannot exceed %.0f",
            instruction.mnemonic(),
            speed.bf16(),
            speed.fp32());
    if (asked == Arithmetic.AUTO && !speed.pays()) {
      gemm.close();
      return fp32("; FP32 arithmetic, not BF16: " + measured);
    }
    return new CpuArithmetic(gemm, null, "; BF16 arithmetic: " + measured);
  }

  /** FP32, as machine code of our own where that has proved to give the vector kernels' bits. */
  private static CpuArithmetic fp32(String remark) {
    PanelOffer offer = PanelOffer.here();
    EmittedGemmKernel kernel = offer.kernel();
    return kernel == null
        ? new CpuArithmetic(null, null, remark + "; no machine code: " + offer.reason())
        : new CpuArithmetic(null, new PanelGemm(kernel), remark);
  }

  @Override
  public void close() {
    if (bf16 != null) {
      bf16.close();
    }
    if (fp32 != null) {
      fp32.close();
    }
  }
}
