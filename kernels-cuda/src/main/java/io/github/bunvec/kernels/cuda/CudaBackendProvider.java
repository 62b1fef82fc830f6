package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import java.util.Optional;

/**
 * Answers for the backend {@code cuda}.
 *
 * <p>This version has the kernels and what runs them, but not yet what drives a GPU, so the answer
 * is always why not; it first names what the machine lacks, since that would stand in the way of
 * any version.
 */
public final class CudaBackendProvider implements BackendProvider {

  private final NvidiaDriver driver;

  /** Creates the provider for this machine. */
  public CudaBackendProvider() {
    this(NvidiaDriver.ofThisMachine());
  }

  CudaBackendProvider(NvidiaDriver driver) {
    this.driver = driver;
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
    return Optional.of(
        driver
            .missing()
            .orElse("this version of bunvec does not drive GPUs yet; use the backend cpu"));
  }

  @Override
  public Backend create(BackendOptions options) {
    throw new IllegalStateException(unavailableReason().orElseThrow());
  }
}
