package io.github.bunvec.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bunvec.engine.cpu.emit.Bf16Gemm;
import io.github.bunvec.engine.cpu.emit.Bf16Instruction;
import io.github.bunvec.engine.cpu.emit.Bf16Offer;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendInvariants;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SafetensorsFile;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backend in BF16 arithmetic, by one of the instructions, where this machine has it. */
abstract class Bf16BackendContract extends BackendInvariants {

  private final Bf16Instruction instruction;

  Bf16BackendContract(Bf16Instruction instruction) {
    this.instruction = instruction;
  }

  static CpuBackend open(Bf16Instruction instruction, WeightType weightType, int threads) {
    CpuArithmetic arithmetic = new CpuArithmetic(Bf16Gemm.of(instruction), null, "");
    GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
    return new CpuBackend(kernel, weightType, arithmetic, threads);
  }

  @BeforeEach
  void requireInstruction() {
    var reason = Bf16Offer.unavailableReason(instruction);
    assumeTrue(reason.isEmpty(), () -> "not run: " + reason.orElseThrow());
  }

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return open(instruction, weightType, threads);
  }

  /** As BF16 weights alone: rounding the inputs as well must not cost more than the bar leaves. */
  @ParameterizedTest
  @MethodSource("models")
  void keepsTheDirectionOfExactVectors(GoldenModel model) {
    try (Backend backend = backend(WeightType.FP32, 2);
        SafetensorsFile states = model.states()) {
      assertEquals(Arithmetic.BF16, backend.arithmetic());
      var pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      for (String name : GoldenModel.sequences(states)) {
        double[] expected = GoldenModel.doubles(states, name + ".unit.f64");
        float[][] found = new float[1][];
        int[] ids = GoldenModel.ints(states, name + ".ids");
        backend.run(PackedBatch.of(List.of(ids), model.positions(), 0), pass, found);
        double cosine = 0;
        for (int i = 0; i < found[0].length; i++) {
          cosine += expected[i] * found[0][i];
        }
        assertTrue(cosine >= 0.9998, name + ": cosine " + cosine);
      }
    }
  }
}
