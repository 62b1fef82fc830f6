package io.github.bunvec.bench.peers;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * oneDNN's matmul with bias and weights in the layout it asks for, as bunvec packs its own: in
 * FP32, or with rows and weights in BF16 and the result in FP32.
 */
final class OneDnnGemm extends GemmTask {

  private final GemmWork work;
  private final memory.data_type type;
  private final engine cpu;
  private final stream queue;
  private final matmul product;
  private final FloatPointer result;
  private final List<IntMemoryMap> arguments = new ArrayList<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  OneDnnGemm(GemmWork work, boolean bf16, int threads) {
    this.work = work;
    type = bf16 ? memory.data_type.bf16 : memory.data_type.f32;
    Path library = Path.of(Loader.load(dnnl.class));
    setThreads(library.resolveSibling("libgomp.so.1"), threads);
    cpu = own(new engine(engine.kind.cpu, 0));
    queue = own(new stream(cpu));
    long[] a = {work.m(), work.k()};
    long[] b = {work.k(), work.n()};
    long[] c = {work.m(), work.n()};
    memory.desc rowsForm = form(a, type, memory.format_tag.ab);
    memory.desc biasForm =
        form(new long[] {1, work.n()}, memory.data_type.f32, memory.format_tag.ab);
    memory.desc resultForm = form(c, memory.data_type.f32, memory.format_tag.ab);
    matmul.primitive_desc description =
        own(
            new matmul.primitive_desc(
                cpu, rowsForm, form(b, type, memory.format_tag.any), biasForm, resultForm));
    product = own(new matmul(description));
    result = own(new FloatPointer((long) work.m() * work.n()));
    memory rows = place(rowsForm, values(work.rows()));
    memory bias = place(biasForm, own(new FloatPointer(work.bias())));
    memory out = place(resultForm, result);
    for (float[] weight : work.weights()) {
      // The checkpoint's order is [n, k]: B transposed.
      memory given = place(form(b, type, memory.format_tag.ba), values(weight));
      memory packed = own(new memory(own(description.weights_desc()), cpu));
      try (reorder pack = new reorder(given, packed)) {
        pack.execute(queue, given, packed);
      }
      IntMemoryMap map = own(new IntMemoryMap());
      map.put(dnnl.DNNL_ARG_SRC, rows).put(dnnl.DNNL_ARG_WEIGHTS, packed);
      map.put(dnnl.DNNL_ARG_BIAS, bias).put(dnnl.DNNL_ARG_DST, out);
      arguments.add(map);
    }
    queue._wait();
  }

  /** oneDNN computes with as many threads as OpenMP gives the thread that calls it. */
  @SuppressWarnings("restricted")
  private static void setThreads(Path openMp, int threads) {
    try (Arena arena = Arena.ofConfined()) {
      Linker.nativeLinker()
          .downcallHandle(
              SymbolLookup.libraryLookup(openMp, arena).findOrThrow("omp_set_num_threads"),
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("omp_set_num_threads of " + openMp + " failed", e);
    }
  }

  private memory.desc form(long[] dims, memory.data_type of, memory.format_tag tag) {
    return own(new memory.desc(dims, of, tag));
  }

  private memory place(memory.desc form, Pointer values) {
    return own(new memory(form, cpu, values));
  }

  private Pointer values(float[] floats) {
    if (type == memory.data_type.f32) {
      return own(new FloatPointer(floats));
    }
    short[] halves = new short[floats.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) Bfloat16.fromFloat(floats[i]);
    }
    return own(new ShortPointer(halves));
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.add(resource);
    return resource;
  }

  @Override
  void multiply() {
    for (IntMemoryMap map : arguments) {
      product.execute(queue, map);
    }
    queue._wait();
  }

  @Override
  float[] meanOfLast() {
    float[] c = new float[work.m() * work.n()];
    result.get(c);
    return work.mean(c);
  }

  @Override
  public void close() {
    for (AutoCloseable resource : owned.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("oneDNN does not let go of " + resource, e);
      }
    }
  }
}
