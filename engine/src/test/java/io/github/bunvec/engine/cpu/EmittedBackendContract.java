package io.github.bunvec.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bunvec.engine.cpu.emit.EmittedGemmKernel;
import io.github.bunvec.engine.cpu.emit.PanelForm;
import io.github.bunvec.engine.cpu.emit.PanelGemm;
import io.github.bunvec.engine.cpu.emit.PanelOffer;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backend with its FP32 products as machine code of one form, where this machine has it. */
abstract class EmittedBackendContract extends BackendContract {

  private final PanelForm form;

  EmittedBackendContract(PanelForm form) {
    this.form = form;
  }

  @BeforeEach
  void requireMachineCode() {
    PanelOffer offer = PanelOffer.of(form);
    assumeTrue(offer.kernel() != null, () -> "not run: " + offer.reason());
  }

  static CpuBackend open(PanelForm form, WeightType weightType, int threads) {
    EmittedGemmKernel kernel = Objects.requireNonNull(PanelOffer.of(form).kernel());
    CpuArithmetic arithmetic = new CpuArithmetic(null, new PanelGemm(kernel), "");
    return new CpuBackend(GemmKernel.ofBits(VectorWidth.bits()), weightType, arithmetic, threads);
  }

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return open(form, weightType, threads);
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesTheBitsOfTheVectorKernels(GoldenModel model) {
    Random random = new Random(5);
    List<int[]> sequences =
        random.ints(12, 1, 60).mapToObj(n -> random.ints(n, 0, 90).toArray()).toList();
    for (WeightType type : WeightType.values()) {
      float[][] expected = new float[sequences.size()][];
      float[][] found = new float[sequences.size()][];
      PackedBatch batch = PackedBatch.of(sequences, model.positions(), 0);
      try (Backend vectors = new CpuBackend(GemmKernel.ofBits(VectorWidth.bits()), type, 2);
          Backend emitted = open(form, type, 2)) {
        vectors.run(batch, model.embedding(vectors, List.of(PoolingMode.MEAN), true), expected);
        emitted.run(batch, model.embedding(emitted, List.of(PoolingMode.MEAN), true), found);
      }
      for (int i = 0; i < found.length; i++) {
        assertArrayEquals(expected[i], found[i], type + ", sequence " + i);
      }
    }
  }
}
