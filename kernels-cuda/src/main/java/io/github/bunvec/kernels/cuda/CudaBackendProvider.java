package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.nvidia.CudaMachine;
import io.github.bunvec.kernels.cuda.nvrtc.NvrtcException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the backend of NVIDIA GPUs, named {@code cuda}. */
public final class CudaBackendProvider implements BackendProvider {

  /** While one is at its copies the other computes. */
  private static final int STREAMS = 2;

  private final DriverFiles driver;
  private final Supplier<CudaMachine> search;
  private @Nullable CudaMachine machine; // guarded by this

  /** Creates the provider for this machine. */
  public CudaBackendProvider() {
    this(DriverFiles.ofThisMachine(), () -> CudaMachine.find(System.getenv()));
  }

  CudaBackendProvider(DriverFiles driver, Supplier<CudaMachine> search) {
    this.driver = driver;
    this.search = search;
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Optional<String> unavailableReason() {
    Optional<String> missing = driver.missing();
    if (missing.isEmpty()) {
      try {
        machine();
      } catch (GpuException | NvrtcException e) {
        missing = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return missing.map(reason -> reason + ", or use the backend cpu");
  }

  private synchronized CudaMachine machine() {
    if (machine == null) {
      machine = search.get();
    }
    return machine;
  }

  @Override
  public Backend create(BackendOptions options) {
    CudaParameters parameters = CudaParameters.parse(options.parameters());
    unavailableReason()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    CudaOptions how =
        new CudaOptions(
            options.weightType(),
            options.arithmetic(),
            options.threads() == 0 ? STREAMS : options.threads(),
            parameters.limit(),
            parameters.tanhGelu());
    List<Gpu> gpus = machine().open(parameters.devices(), how.arithmetic() == Arithmetic.TF32);
    return new CudaBackend(gpus, how);
  }
}
