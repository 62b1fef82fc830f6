package io.github.bunvec.kernels.cuda.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.nvidia.Driver.Device;
import io.github.bunvec.kernels.cuda.nvrtc.Architecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which GPUs are taken, and what is said where there is none. */
class CudaMachineTest {

  private static final CudaMachine MIXED =
      new CudaMachine(
          List.of(
              new Device(0, "NVIDIA A", new Architecture(9, 0)),
              new Device(1, "NVIDIA B", new Architecture(8, 0)),
              new Device(2, "NVIDIA C", new Architecture(7, 5))),
          _ ->
              _ -> {
                throw new AssertionError("nothing is compiled before GPUs are chosen");
              });

  private final StandInGpus gpus = StandInGpus.start(64L << 20);

  @AfterEach
  void stop() {
    gpus.close();
  }

  private static String refusal(CudaMachine machine, Integer... numbers) {
    return assertThrows(IllegalArgumentException.class, () -> machine.open(List.of(numbers), false))
        .getMessage();
  }

  @Test
  void opensEachOnce() {
    List<Gpu> both = StandInGpus.machine().open(List.of(1, 0), false);
    assertEquals(
        List.of("Stand-in (cuda:1)", "Stand-in (cuda:0)"), both.stream().map(Gpu::name).toList());
    both.forEach(Gpu::close);
    both.forEach(Gpu::close);
    assertEquals(Map.of(), gpus.driver().live());
  }

  @Test
  void namesWhatThereIs() {
    String there =
        "there are: NVIDIA A (cuda:0) of sm_90, NVIDIA B (cuda:1) of sm_80, NVIDIA C (cuda:2) of sm_75";
    assertEquals(
        "backend 'cuda:3': there is no such GPU of compute capability 8.0 or later; " + there,
        refusal(MIXED, 3));
    assertEquals(
        "backend 'cuda:2': there is no such GPU of compute capability 8.0 or later; " + there,
        refusal(MIXED, 2));
  }

  @Test
  void refusesGpusOfDifferentKinds() {
    assertEquals(
        "NVIDIA A (cuda:0) and NVIDIA B (cuda:1) are of different kinds, on which a text's vector has"
            + " different bits; name GPUs of one kind, and use a model for each kind",
        refusal(MIXED, 0, 1));
  }

  @Test
  void namesAnOldDriver() {
    gpus.driver().version(12_080);
    assertEquals(
        "the NVIDIA driver supports CUDA 12.8, bunvec needs 13.0 or later; update the driver",
        assertThrows(GpuException.class, Driver::devices).getMessage());
  }

  @Test
  void namesAMissingGpu() {
    gpus.driver().devices(0);
    assertEquals(
        "the NVIDIA driver sees no GPU; see nvidia-smi, and CUDA_VISIBLE_DEVICES if it is set",
        assertThrows(GpuException.class, Driver::devices).getMessage());
  }
}
