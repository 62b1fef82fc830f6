package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.nvidia.StandInGpus;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The contract of every backend, on kernels that run on the CPU: what the host does with streams,
 * recordings, memory and chunks, and every kernel in its place.
 *
 * <p>Of two models, since a warp takes a CPU a hundred times as long: a head width of each of the
 * attention kernels, two activations, several layers in one. {@link StandInBf16Test} and {@link
 * CudaBackendTest} have a third.
 */
class StandInFp32Test extends BackendContract {

  /** Instead of all that there are. */
  public static List<GoldenModel> models() {
    return models("gelu-h192-d64-l1-f16", "tanh-h48-d24-l2");
  }

  static List<GoldenModel> models(String... names) {
    List<GoldenModel> models =
        GoldenModel.all().stream()
            .filter(model -> Set.of(names).contains(model.directory().getFileName().toString()))
            .toList();
    assertEquals(names.length, models.size(), "golden models");
    return models;
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
        new CudaOptions(weightType, Arithmetic.FP32, threads, new Bucket(256, 64), false));
  }
}
