package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the machine code of kernels: from the user's cache, or compiled by NVRTC and kept there.
 *
 * <p>Safe for concurrent use; the first start on a machine gains from asking for several kernels at
 * once.
 */
public final class KernelCompiler {

  private final Nvrtc nvrtc;
  private final Optional<CubinCache> cache;
  private final Set<String> remarks = new LinkedHashSet<>(); // guarded by itself

  KernelCompiler(Nvrtc nvrtc, Optional<CubinCache> cache) {
    this.nvrtc = nvrtc;
    this.cache = cache;
    if (cache.isEmpty()) {
      remark(
          "kernels are compiled at every start, because neither XDG_CACHE_HOME nor HOME names a"
              + " place for their machine code");
    }
  }

  /**
   * Looks for NVRTC and loads it.
   *
   * @param environment the environment variables: {@code BUNVEC_NVRTC} names the folder of NVRTC;
   *     without it LD_LIBRARY_PATH, CUDA_HOME, CUDA_PATH and the usual folders are looked in
   * @return the compiler
   * @throws NvrtcException if NVRTC is not found or cannot be loaded; it says what to do
   */
  public static KernelCompiler find(Map<String, String> environment) {
    Path library = new NvrtcLibrary(environment, Path.of("/")).find();
    return new KernelCompiler(new Nvrtc(library), CubinCache.of(environment));
  }

  /**
   * Returns the machine code of a kernel file.
   *
   * @param kernel the file's name without {@code .cu}
   * @param architecture which GPU for
   * @return an ELF file as {@code cuModuleLoadData} and {@code cuLibraryLoadData} take it
   * @throws NvrtcException with the compiler's log if it refuses
   */
  public byte[] cubin(String kernel, Architecture architecture) {
    return cubin(KernelSource.load(kernel), architecture);
  }

  byte[] cubin(KernelSource source, Architecture architecture) {
    if (cache.isEmpty()) {
      return nvrtc.compile(source, architecture).cubin();
    }
    CubinKey key = CubinKey.of(source, architecture, Nvrtc.OPTIONS, nvrtc.identity());
    return cache.get().get(key, () -> nvrtc.compile(source, architecture).cubin(), this::remark);
  }

  private void remark(String sentence) {
    synchronized (remarks) {
      remarks.add(sentence);
    }
  }

  /**
   * Returns what went wrong without harm to the results, as a cache that cannot be written.
   *
   * @return a sentence each, none as a rule
   */
  public List<String> remarks() {
    synchronized (remarks) {
      return List.copyOf(remarks);
    }
  }

  /**
   * Says what compiles and where the machine code is kept.
   *
   * @return for example {@code NVRTC 13.1 (/usr/local/cuda/lib64/libnvrtc.so.13), machine code in
   *     /home/me/.cache/bunvec/cubin}
   */
  @Override
  public String toString() {
    return nvrtc + cache.map(kept -> ", machine code in " + kept.folder()).orElse("");
  }
}
