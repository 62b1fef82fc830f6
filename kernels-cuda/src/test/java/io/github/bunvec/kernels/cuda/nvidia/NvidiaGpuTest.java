package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_EXECUTION_FAILED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_INVALID_VALUE;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_LAUNCH_FAILED;
import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import io.github.bunvec.kernels.cuda.emulation.StandInDriver.Algorithm;
import io.github.bunvec.kernels.cuda.emulation.StandInDriver.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What drives a GPU, on a driver and a cuBLASLt without one. */
class NvidiaGpuTest {

  private static final long MEMORY = 128L << 20;

  private static final Product.Shape SHAPE =
      new Product.Shape(ElementType.F32, ElementType.F32, 24, 40, false);

  private final StandInGpus gpus = StandInGpus.start(MEMORY);

  @AfterEach
  void stop() {
    gpus.close();
  }

  /** C of m rows, of values that a place alone decides. */
  private static float[] product(Gpu gpu, GpuStream stream, int m) {
    try (Resources resources = new Resources()) {
      long a = resident(gpu, resources, values(m * SHAPE.k(), 1));
      long w = resident(gpu, resources, values(SHAPE.n() * SHAPE.k(), 2));
      long bias = resident(gpu, resources, values(SHAPE.n(), 3));
      long c = resident(gpu, resources, new float[m * SHAPE.n()]);
      MemorySegment out = gpu.allocatePinned(4L * m * SHAPE.n());
      resources.add(() -> gpu.freePinned(out));
      stream.multiply(
          new Product(
              SHAPE.in(),
              SHAPE.out(),
              m,
              SHAPE.n(),
              SHAPE.k(),
              a,
              SHAPE.k(),
              w,
              bias,
              c,
              SHAPE.n(),
              false));
      stream.copyOut(out, c, out.byteSize());
      stream.await();
      return out.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static long resident(Gpu gpu, Resources resources, float[] values) {
    long address = gpu.allocate(4L * values.length);
    resources.add(() -> gpu.free(address));
    gpu.copyIn(address, MemorySegment.ofArray(values));
    return address;
  }

  private static float[] values(int count, int seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** Whatever the library offers first, a row has the same bits at every number of rows. */
  @Test
  void productsOfAnyNumberOfRowsHaveTheSameBits() {
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      int[] rows = {100, 1, 2, 7, 8, 15, 16, 17, 33, 64};
      gpu.prepare(SHAPE, rows);
      float[] most = product(gpu, stream, rows[0]);
      for (int m : rows) {
        float[] found = product(gpu, stream, m);
        for (int i = 0; i < found.length; i++) {
          assertEquals(most[i], found[i], "m=" + m + " at " + i);
        }
      }
      assertEquals(0, gpus.driver().products(Algorithm.SPLIT_K));
    }
  }

  @Test
  void theFastestOfThoseThatSumAlikeIsTaken() {
    gpus.driver()
        .offer(
            List.of(
                Algorithm.IN_ORDER, Algorithm.BY_PLACE, Algorithm.NOT_FOR_FEW, Algorithm.FASTEST));
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      gpu.prepare(SHAPE, 2, 64);
      product(gpu, stream, 64);
      assertEquals(Algorithm.FASTEST, gpus.driver().lastAlgorithm(64));
      product(gpu, stream, 2); // where it is not offered, but accepted
      assertEquals(Algorithm.FASTEST, gpus.driver().lastAlgorithm(2));
    }
  }

  @Test
  void anAlgorithmWhoseBitsDependOnThePlaceIsNeverUsed() {
    gpus.driver().offer(List.of(Algorithm.BY_PLACE));
    try (Gpu gpu = gpus.open(1).getFirst()) {
      GpuException e = assertThrows(GpuException.class, () -> gpu.prepare(SHAPE, 64));
      assertTrue(e.getMessage().contains("n=24 k=40"), e.getMessage());
    }
  }

  @Test
  void aProductThatWasNotPreparedIsRefused() {
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      gpu.prepare(SHAPE, 16);
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> product(gpu, stream, 32));
      assertTrue(e.getMessage().contains("was not prepared"), e.getMessage());
    }
  }

  @Test
  void memoryIsZerosAndCopiesOfAnyLengthArrive() {
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      byte[] bytes = new byte[(9 << 20) + 5]; // more than is staged at once
      new Random(1).nextBytes(bytes);
      long address = gpu.allocate(bytes.length + 8L);
      gpu.copyIn(address, MemorySegment.ofArray(bytes));
      MemorySegment out = gpu.allocatePinned(bytes.length + 8L);
      stream.copyOut(out, address, out.byteSize());
      stream.await();
      assertEquals(
          -1,
          MemorySegment.mismatch(
              out, 0, bytes.length, MemorySegment.ofArray(bytes), 0, bytes.length));
      assertEquals(0, out.get(ValueLayout.JAVA_LONG_UNALIGNED, bytes.length));
      gpu.freePinned(out);
      gpu.free(address);
    }
  }

  @Test
  void saysHowMuchMemoryIsFree() {
    try (Gpu gpu = gpus.open(1).getFirst()) {
      OutOfGpuMemoryException e =
          assertThrows(OutOfGpuMemoryException.class, () -> gpu.allocate(MEMORY));
      assertTrue(
          e.getMessage().matches("Stand-in \\(cuda:0\\) has 9\\d MB free, 129 MB are needed"),
          e.getMessage());
    }
  }

  @Test
  void saysWhatWasRefusedAndWhere() {
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      gpus.driver().failNext("cuStreamSynchronize", CUDA_ERROR_LAUNCH_FAILED);
      GpuException e = assertThrows(GpuException.class, stream::await);
      assertTrue(
          e.getMessage()
              .startsWith(
                  "cuStreamSynchronize failed on Stand-in (cuda:0): CUDA_ERROR_LAUNCH_FAILED, "),
          e.getMessage());
      gpu.prepare(SHAPE, 16);
      gpus.driver().failNext("cublasLtMatmul", CUBLAS_STATUS_EXECUTION_FAILED);
      GpuException product = assertThrows(GpuException.class, () -> product(gpu, stream, 16));
      assertTrue(product.getMessage().startsWith("cublasLtMatmul of "), product.getMessage());
      GpuException kernel = assertThrows(GpuException.class, () -> gpu.kernel("cast", "nothing"));
      assertTrue(kernel.getMessage().contains("nothing"), kernel.getMessage());
    }
  }

  /** A stream that failed while it recorded serves on. */
  @Test
  void aRecordingThatFailsLeavesTheStreamUsable() {
    try (Gpu gpu = gpus.open(1).getFirst();
        GpuStream stream = gpu.stream()) {
      assertThrows(
          IllegalStateException.class,
          () ->
              stream.capture(
                  () -> {
                    throw new IllegalStateException("in between");
                  }));
      long cast = gpu.kernel("cast", "cast_f32_bf16");
      gpus.driver().failNext("cuLaunchKernel", CUDA_ERROR_INVALID_VALUE);
      assertThrows(
          GpuException.class, () -> stream.capture(() -> stream.launch(cast, new Grid(1, 1, 32))));
      stream.capture(() -> {}).close();
      stream.await();
      assertEquals(0, gpus.driver().count(Kind.GRAPHS));
    }
  }

  /** Whatever fails while a GPU is opened or a stream is made, nothing is left of it. */
  @Test
  void whatFailsHalfwayLeavesNothing() {
    for (String function :
        List.of(
            "cuDevicePrimaryCtxRetain",
            "cuCtxSetCurrent",
            "cuMemAlloc",
            "cuMemHostAlloc",
            "cuStreamCreate",
            "cuEventCreate",
            "cublasLtCreate")) {
      gpus.driver().failNext(function, CUDA_ERROR_OUT_OF_MEMORY);
      assertThrows(Throwable.class, () -> gpus.open(1), function);
      assertEquals(Map.of(), gpus.driver().live(), function);
    }
    try (Gpu gpu = gpus.open(1).getFirst()) {
      var live = gpus.driver().live();
      for (String function : List.of("cuMemAlloc", "cuStreamCreate", "cuEventCreate")) {
        gpus.driver().failNext(function, CUDA_ERROR_OUT_OF_MEMORY);
        assertThrows(GpuException.class, gpu::stream, function);
        assertEquals(live, gpus.driver().live(), function);
      }
    }
  }
}
