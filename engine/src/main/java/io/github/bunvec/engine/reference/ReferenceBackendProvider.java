package io.github.bunvec.engine.reference;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import java.util.Optional;

/** Makes the plain-loop backend, named {@code reference}; never chosen automatically. */
public final class ReferenceBackendProvider implements BackendProvider {

  /** Creates the provider. */
  public ReferenceBackendProvider() {}

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Optional<String> unavailableReason() {
    return Optional.empty();
  }

  @Override
  public Backend create(BackendOptions options) {
    if (options.arithmetic() == Arithmetic.BF16) {
      throw new IllegalStateException(
          "the backend 'reference' computes in double; BF16 arithmetic is there with the backend"
              + " 'cpu'");
    }
    return new ReferenceBackend(options.weightType());
  }
}
