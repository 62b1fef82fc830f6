package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.nvrtc.Architecture;
import io.github.bunvec.kernels.cuda.nvrtc.KernelCompiler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Kernels compiled for one kind of GPU. Those that every model needs are begun at once, each in a
 * thread of its own: on a machine's first start that takes seconds of processor time, which loading
 * the weights hides if there are processors to spare.
 */
public final class CompiledKernels implements KernelCode {

  private static final List<String> ALWAYS =
      List.of("attention", "add_layer_norm", "activation", "embed", "pool");

  private final KernelCompiler compiler;
  private final Architecture architecture;
  private final Map<String, FutureTask<byte[]>> begun = new ConcurrentHashMap<>();

  /**
   * Begins to compile.
   *
   * @param compiler compiles, and keeps the result for later starts
   * @param architecture the GPUs' compute capability
   */
  public CompiledKernels(KernelCompiler compiler, Architecture architecture) {
    this.compiler = compiler;
    this.architecture = architecture;
    for (String file : ALWAYS) {
      Thread.ofPlatform().daemon().name("bunvec-compile-" + file).start(task(file));
    }
  }

  private FutureTask<byte[]> task(String file) {
    return begun.computeIfAbsent(
        file, _ -> new FutureTask<>(() -> compiler.cubin(file, architecture)));
  }

  @Override
  public byte[] of(String file) {
    FutureTask<byte[]> task = task(file);
    task.run(); // nothing if it is begun
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // the model is being loaded: whoever interrupts is told afterwards
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
