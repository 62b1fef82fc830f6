package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The source of a kernel file: what all share, then its own text. It includes nothing, because
 * NVRTC comes without headers.
 *
 * @param name the file's name without {@code .cu}
 * @param text CUDA C++
 */
public record KernelSource(String name, String text) {

  private static final String FOLDER = "/io/github/bunvec/kernels/cuda/";

  private static final String SHARED = "common.cuh";

  /**
   * Reads a kernel file of this module.
   *
   * @param name its name without {@code .cu}
   * @return its source
   * @throws IllegalArgumentException if there is none
   */
  public static KernelSource load(String name) {
    return of(name, read(name + ".cu"));
  }

  /** Puts in front what all kernels share; messages of the compiler name either file's lines. */
  static KernelSource of(String name, String own) {
    return new KernelSource(
        name,
        "#line 1 \"%s\"\n%s\n#line 1 \"%s.cu\"\n%s".formatted(SHARED, read(SHARED), name, own));
  }

  private static String read(String file) {
    try (InputStream in = KernelSource.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no kernel file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read kernel file " + file, e);
    }
  }
}
