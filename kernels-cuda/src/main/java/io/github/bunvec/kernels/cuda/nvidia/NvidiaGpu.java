package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import io.github.bunvec.kernels.cuda.nvidia.Driver.Device;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A GPU of NVIDIA's, driven through JavaCPP. */
public final class NvidiaGpu implements Gpu {

  /** One text, a small batch, a large one. */
  private static final List<Integer> SAMPLES = List.of(32, 512, 4096);

  private final Resources resources = new Resources();
  private final Context context;
  private final KernelModules modules;
  private final CublasLt cublasLt;
  private final Products products;
  private final Staging staging;
  private boolean closed; // guarded by this

  /**
   * Opens a GPU.
   *
   * @param device which one
   * @param code compiles kernels for it
   * @param tf32 whether products of F32 round their inputs to TF32
   */
  public NvidiaGpu(Device device, KernelCode code, boolean tf32) {
    this(device, code, tf32, SAMPLES);
  }

  /**
   * Opens a GPU.
   *
   * @param samples numbers of rows at which algorithms of products are compared
   */
  NvidiaGpu(Device device, KernelCode code, boolean tf32, List<Integer> samples) {
    try {
      context = new Context(device);
      resources.add(context::close);
      context.use();
      modules = new KernelModules(context, code);
      resources.add(modules::close);
      cublasLt = new CublasLt(tf32);
      resources.add(cublasLt::close);
      products = new Products(context, cublasLt, samples);
      staging = new Staging(context, new NvidiaStream(context, cublasLt, products));
      resources.add(staging::close);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  @Override
  public String name() {
    return context.device().toString();
  }

  @Override
  public long allocate(long bytes) {
    long address = context.allocate(bytes);
    try {
      staging.clear(address, bytes);
      return address;
    } catch (RuntimeException | Error e) {
      context.free(address);
      throw e;
    }
  }

  @Override
  public void free(long address) {
    context.free(address);
  }

  @Override
  public void copyIn(long to, MemorySegment from) {
    staging.copyIn(to, from);
  }

  @Override
  public MemorySegment allocatePinned(long bytes) {
    return context.allocatePinned(bytes);
  }

  @Override
  public void freePinned(MemorySegment memory) {
    context.freePinned(memory);
  }

  @Override
  public long kernel(String file, String entry) {
    return modules.kernel(file, entry);
  }

  @Override
  public void prepare(Product.Shape shape, int... rows) {
    products.prepare(shape, staging, rows);
  }

  @Override
  public GpuStream stream() {
    return new NvidiaStream(context, cublasLt, products);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.use();
    resources.close();
  }
}
