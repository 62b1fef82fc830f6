package io.github.bunvec.engine.reference;

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
    options.requireNoParameters(name());
    return switch (options.arithmetic()) {
      case FP32, AUTO -> new ReferenceBackend(options.weightType());
      case BF16 -> throw refusal("BF16 arithmetic is there with the backends 'cpu' and 'cuda'");
      case TF32 -> throw refusal("TF32 arithmetic is there with the backend 'cuda'");
    };
  }

  private static IllegalStateException refusal(String remedy) {
    return new IllegalStateException("the backend 'reference' computes in double; " + remedy);
  }
}
