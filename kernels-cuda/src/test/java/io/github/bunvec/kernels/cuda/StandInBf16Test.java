package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.nvidia.StandInGpus;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** BF16 arithmetic, on kernels that run on the CPU; of two models, of one and two layers. */
class StandInBf16Test extends Bf16Contract {

  /** Instead of all that there are. */
  public static List<GoldenModel> models() {
    return StandInFp32Test.models("relu-h32-d32-l1-pooler", "tanh-h48-d24-l2");
  }

  private static StandInGpus gpus;

  @BeforeAll
  static void start() {
    gpus = StandInGpus.start(1L << 30);
  }

  @AfterAll
  static void stop() {
    if (gpus != null) {
      gpus.close();
    }
  }

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return new CudaBackend(
        gpus.open(1),
        new CudaOptions(weightType, Arithmetic.BF16, threads, new Bucket(256, 64), false));
  }
}
