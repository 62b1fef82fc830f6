package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.device.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;

/** The kernel files that are loaded into a context. */
final class KernelModules implements AutoCloseable {

  private final Context context;
  private final KernelCode code;
  private final Map<String, CUmod_st> modules = new HashMap<>(); // guarded by this
  private final Map<String, Long> kernels = new HashMap<>(); // guarded by this

  KernelModules(Context context, KernelCode code) {
    this.context = context;
    this.code = code;
  }

  /** Returns a kernel's handle. */
  synchronized long kernel(String file, String entry) {
    Long known = kernels.get(entry);
    if (known == null) {
      known = find(file, entry);
      kernels.put(entry, known);
    }
    return known;
  }

  private long find(String file, String entry) {
    CUmod_st module = modules.get(file);
    if (module == null) {
      module = load(file);
      modules.put(file, module);
    }
    CUfunc_st kernel = new CUfunc_st();
    context.check(
        cudart.cuModuleGetFunction(kernel, module, entry), "cuModuleGetFunction of " + entry);
    return kernel.address();
  }

  private CUmod_st load(String file) {
    byte[] bytes = code.of(file);
    CUmod_st module = new CUmod_st();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(bytes.length, 16);
      image.copyFrom(MemorySegment.ofArray(bytes));
      context.use();
      context.check(
          cudart.cuModuleLoadData(module, Address.of(image)), "cuModuleLoadData of " + file);
    }
    if (module.isNull()) {
      throw new GpuException("the driver loaded nothing of " + file);
    }
    return module;
  }

  @Override
  public synchronized void close() {
    context.use();
    try (Resources unloading = new Resources()) {
      modules
          .values()
          .forEach(
              module ->
                  unloading.add(
                      () -> context.check(cudart.cuModuleUnload(module), "cuModuleUnload")));
    }
    modules.clear();
    kernels.clear();
  }
}
