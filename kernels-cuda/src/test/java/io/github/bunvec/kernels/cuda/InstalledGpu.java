package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.WeightType;
import java.util.Map;
import java.util.Optional;

/** The GPU of this machine, for tests that need one. */
final class InstalledGpu {

  /** Set to anything where there must be a GPU. */
  static final String VARIABLE = "BUNVEC_GPU";

  private InstalledGpu() {}

  /**
   * Makes a backend on it, or skips the test where there is no driver. Where there is one, or where
   * the variable is set, everything that is missing is a failure.
   */
  static Backend backend(WeightType weightType, Arithmetic arithmetic, int threads) {
    Optional<String> reason = skipped(DriverFiles.ofThisMachine(), System.getenv());
    if (reason.isPresent()) {
      return abort(reason.get());
    }
    return new CudaBackendProvider()
        .create(new BackendOptions(weightType, arithmetic, threads, ""));
  }

  /** Returns why tests may be skipped, or nothing. */
  static Optional<String> skipped(DriverFiles driver, Map<String, String> environment) {
    Optional<String> missing = driver.missing();
    if (missing.isPresent() && !environment.getOrDefault(VARIABLE, "").isEmpty()) {
      return fail("%s is set, but %s".formatted(VARIABLE, missing.get()));
    }
    return missing.map(
        reason -> "not run on a GPU: %s (%s=1 makes this a failure)".formatted(reason, VARIABLE));
  }
}
