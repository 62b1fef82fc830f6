package io.github.bunvec.kernels.cuda.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.emulation.StandInDriver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** GPUs that are driven as real ones are, by a driver and a cuBLASLt without a GPU. */
public final class StandInGpus implements AutoCloseable {

  /** Smaller than for a GPU, since products are plain loops. */
  private static final List<Integer> SAMPLES = List.of(16, 32);

  private final StandInDriver driver;

  private StandInGpus(StandInDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts the driver, or skips the test where that cannot be.
   *
   * @param bytes memory of each GPU
   */
  public static StandInGpus start(long bytes) {
    return new StandInGpus(StandInDriver.start(bytes));
  }

  /** Returns what counts and fails. */
  public StandInDriver driver() {
    return driver;
  }

  /** Returns what a machine has whose driver this is. */
  public static CudaMachine machine() {
    return new CudaMachine(Driver.devices(), _ -> StandInGpus::code);
  }

  /** In place of a kernel file's machine code the stand-in takes the file's name. */
  private static byte[] code(String file) {
    return (file + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Opens GPUs.
   *
   * @param count how many, at most two
   */
  public List<Gpu> open(int count) {
    List<Gpu> gpus = new ArrayList<>();
    List<Driver.Device> devices = Driver.devices();
    for (int i = 0; i < count; i++) {
      gpus.add(new NvidiaGpu(devices.get(i), StandInGpus::code, false, SAMPLES));
    }
    return gpus;
  }

  /** Ends the driver, of which nothing may be in use. */
  @Override
  public void close() {
    Map<StandInDriver.Kind, Long> live = driver.live();
    driver.close();
    assertEquals(Map.of(), live, "not freed");
  }
}
