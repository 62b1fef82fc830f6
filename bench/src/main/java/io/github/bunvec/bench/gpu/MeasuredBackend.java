package io.github.bunvec.bench.gpu;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.loader.TensorView;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A backend with a clock, which keeps the pass that it was made ready for. */
final class MeasuredBackend implements Backend {

  private final Backend backend;
  private final LongSupplier deviceNanos;
  private @Nullable ForwardPass pass;

  /**
   * Wraps a backend.
   *
   * @param backend computes; is closed with this one
   * @param deviceNanos tells how long its device has been at work
   */
  MeasuredBackend(Backend backend, LongSupplier deviceNanos) {
    this.backend = backend;
    this.deviceNanos = deviceNanos;
  }

  /** Returns how long the device has been at work, in nanoseconds. */
  long deviceNanos() {
    return deviceNanos.getAsLong();
  }

  /** Returns the pass of the model that was loaded. */
  ForwardPass pass() {
    ForwardPass known = pass;
    if (known == null) {
      throw new IllegalStateException("no model has been loaded");
    }
    return known;
  }

  @Override
  public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
    backend.run(batch, pass, out);
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public Arithmetic arithmetic() {
    return backend.arithmetic();
  }

  @Override
  public Linear linear(List<TensorView> weights, List<TensorView> biases) {
    return backend.linear(weights, biases);
  }

  @Override
  public LayerNorm layerNorm(TensorView weight, TensorView bias, double eps) {
    return backend.layerNorm(weight, bias, eps);
  }

  @Override
  public EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType) {
    return backend.embeddings(word, position, tokenType);
  }

  @Override
  public void ready(ForwardPass pass) {
    this.pass = pass;
    backend.ready(pass);
  }

  @Override
  public int callers() {
    return backend.callers();
  }

  @Override
  public boolean warm() {
    return backend.warm();
  }

  @Override
  public long memoryBytes() {
    return backend.memoryBytes();
  }

  @Override
  public void close() {
    backend.close();
  }
}
