package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The NVRTC of this machine, for tests that compile. */
final class InstalledNvrtc {

  private InstalledNvrtc() {}

  /**
   * Returns it, or skips the test where there is none. Where the variable is set there must be one:
   * whoever sets it wants the kernels compiled.
   */
  static Nvrtc orSkip() {
    return orSkip(System.getenv());
  }

  static Nvrtc orSkip(Map<String, String> environment) {
    NvrtcLibrary library = new NvrtcLibrary(environment, Path.of("/"));
    if (environment.getOrDefault(NvrtcLibrary.VARIABLE, "").isEmpty()) {
      try {
        library.find();
      } catch (NvrtcException e) {
        Assumptions.abort(
            "kernels are not compiled: " + e.getMessage() + " (tools/cuda/nvrtc.sh DIR does it)");
      }
    }
    return new Nvrtc(library.find());
  }
}
