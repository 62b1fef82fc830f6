package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.emulation.EmulatedGpu;
import java.util.List;
import java.util.Set;

/**
 * The contract of every backend, on kernels that run on the CPU: what the host does with streams,
 * recordings, memory and chunks, and every kernel in its place.
 *
 * <p>Of three models, since a warp takes a CPU a hundred times as long: a head width of each of the
 * attention kernels, two activations, one model with several layers.
 */
class EmulatedBackendTest extends BackendContract {

  /** Instead of all that there are. */
  public static List<GoldenModel> models() {
    Set<String> few = Set.of("gelu-h192-d64-l1-f16", "relu-h32-d32-l1-pooler", "tanh-h48-d24-l2");
    List<GoldenModel> models =
        GoldenModel.all().stream()
            .filter(model -> few.contains(model.directory().getFileName().toString()))
            .toList();
    assertEquals(few.size(), models.size(), "golden models");
    return models;
  }

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return new CudaBackend(
        List.of(EmulatedGpu.start(256L << 20)),
        weightType,
        Arithmetic.FP32,
        threads,
        new Bucket(256, 64));
  }
}
