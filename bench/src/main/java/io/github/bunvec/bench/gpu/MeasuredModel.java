package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.gpu.MeasuredBackendProvider.Held;
import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.kernels.cuda.CudaBackend;
import io.github.bunvec.kernels.cuda.CudaBackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * A model as users have it, whose backend can be given token ids as well and tells how long its
 * device was at work. Vectors are means of rows, divided by their length.
 */
final class MeasuredModel implements AutoCloseable {

  private final EmbeddingModel model;
  private final MeasuredBackend backend;
  private final ForwardPass pass;

  private MeasuredModel(EmbeddingModel model, MeasuredBackend backend) {
    this.model = model;
    this.backend = backend;
    this.pass = backend.pass();
  }

  /** Makes backends. */
  interface Maker extends Function<BackendOptions, MeasuredBackend> {}

  /**
   * Returns what makes the backend cuda.
   *
   * @param device the GPU's number
   * @param tokens how many a stream computes at a time
   */
  static Maker cuda(int device, int tokens) {
    return options -> {
      BackendOptions own =
          new BackendOptions(
              options.weightType(),
              options.arithmetic(),
              options.threads(),
              device + ",tokens=" + tokens);
      CudaBackend cuda = (CudaBackend) new CudaBackendProvider().create(own);
      return new MeasuredBackend(cuda, cuda::deviceNanos);
    };
  }

  /**
   * Returns what makes an installed backend; its device's time is that on the wall.
   *
   * @param name the backend's
   */
  static Maker named(String name) {
    return options -> {
      Backend backend =
          ServiceLoader.load(BackendProvider.class).stream()
              .map(ServiceLoader.Provider::get)
              .filter(provider -> provider.name().equals(name))
              .findFirst()
              .orElseThrow()
              .create(options);
      return new MeasuredBackend(backend, System::nanoTime);
    };
  }

  /**
   * Loads a model.
   *
   * @param directory where it lies
   * @param maker makes its backend
   * @param arithmetic what linear layers are multiplied in
   * @param streams how many chunks the device computes at once
   */
  static MeasuredModel load(Path directory, Maker maker, Arithmetic arithmetic, int streams)
      throws IOException {
    Held<EmbeddingModel> held =
        MeasuredBackendProvider.hold(
            maker,
            () ->
                EmbeddingModel.builder(directory)
                    .backend(MeasuredBackendProvider.NAME)
                    .arithmetic(arithmetic)
                    .threads(streams)
                    .normalize(true)
                    .build());
    try {
      return new MeasuredModel(held.loaded(), held.backend());
    } catch (RuntimeException | Error e) {
      held.loaded().close();
      throw e;
    }
  }

  EmbeddingModel model() {
    return model;
  }

  /** Embeds token ids: the pass that {@link #model} runs. */
  float[][] run(PackedBatch batch) {
    float[][] vectors = new float[batch.sequences()][];
    backend.run(batch, pass, vectors);
    return vectors;
  }

  /** Returns how long the device has been at work, all streams together, in nanoseconds. */
  long deviceNanos() {
    return backend.deviceNanos();
  }

  @Override
  public void close() {
    model.close();
  }
}
