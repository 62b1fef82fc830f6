package io.github.bunvec.bench.gpu;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Lets a model be loaded as users load it, on a backend that the measuring code holds, too. It has
 * one only while {@link #hold} runs.
 */
public final class MeasuredBackendProvider implements BackendProvider {

  /** What models are loaded on by that name. */
  static final String NAME = "measured";

  private static final ScopedValue<Holder> HOLDER = ScopedValue.newInstance();

  /** Makes a backend and keeps it. */
  private record Holder(
      Function<BackendOptions, MeasuredBackend> maker, AtomicReference<MeasuredBackend> made) {}

  /** Loads a model on the backend {@link #NAME}. */
  interface Loading<T> {

    /** Loads, in the calling thread. */
    T load() throws IOException;
  }

  /** What was loaded, and what it computes with. */
  record Held<T>(T loaded, MeasuredBackend backend) {}

  /** Creates the provider. */
  public MeasuredBackendProvider() {}

  /**
   * Loads a model.
   *
   * @param maker makes the backend
   * @param loading loads
   * @return both
   * @throws IOException if loading does
   */
  static <T> Held<T> hold(Function<BackendOptions, MeasuredBackend> maker, Loading<T> loading)
      throws IOException {
    Holder holder = new Holder(maker, new AtomicReference<>());
    T loaded = ScopedValue.where(HOLDER, holder).<T, IOException>call(loading::load);
    MeasuredBackend backend = holder.made().get();
    if (backend == null) {
      throw new IllegalStateException("the model was not loaded on the backend " + NAME);
    }
    return new Held<>(loaded, backend);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Optional<String> unavailableReason() {
    return HOLDER.isBound() ? Optional.empty() : Optional.of("it is there for bench/gpu alone");
  }

  @Override
  public Backend create(BackendOptions options) {
    MeasuredBackend made = HOLDER.get().maker().apply(options);
    HOLDER.get().made().set(made);
    return made;
  }
}
