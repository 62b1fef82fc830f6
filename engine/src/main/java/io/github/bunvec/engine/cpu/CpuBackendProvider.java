package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.PanelOffer;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.cpu.kernel.WarmingGemmKernel;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import java.util.Optional;

/** Makes the Vector API backend, named {@code cpu}. */
public final class CpuBackendProvider implements BackendProvider {

  /** Creates the provider. */
  public CpuBackendProvider() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unavailableReason() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.of(
          "the cpu backend needs the module jdk.incubator.vector, which this JVM was started without:"
              + " add --add-modules jdk.incubator.vector to its options, or put bunvec on the module path");
    }
    if (!VectorWidth.supported()) {
      return Optional.of(
          "the cpu backend needs a processor with vectors of at least 128 bits, and the JVM reports none");
    }
    return Optional.empty();
  }

  /**
   * Has the JVM make what calls machine code, the longest part of a start in one thread, before it
   * loads the classes of vectors, which another thread does as well.
   */
  @Override
  public void prepare() {
    PanelOffer.prepare();
    if (unavailableReason().isEmpty()) {
      PanelOffer.here();
    }
  }

  @Override
  public Backend create(BackendOptions options) {
    options.requireNoParameters(name());
    unavailableReason()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    CpuArithmetic arithmetic = CpuArithmetic.of(options.arithmetic());
    int threads = options.threads() == 0 ? Processors.physical() : options.threads();
    GemmKernel vectors = GemmKernel.ofBits(VectorWidth.bits());
    GemmKernel emitted = PanelOffer.here().kernel();
    GemmKernel meanwhile = emitted == null ? GemmKernel.plain(vectors) : emitted;
    GemmKernel kernel = new WarmingGemmKernel(vectors, meanwhile, options.weightType());
    return new CpuBackend(kernel, options.weightType(), arithmetic, threads);
  }
}
