package io.github.bunvec.kernels.cuda.emulation;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSB;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_INVALID_VALUE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_NOT_INITIALIZED;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_SUCCESS;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;
import static org.bytedeco.cuda.global.cudart.CU_MEMHOSTALLOC_PORTABLE;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Matrices on the stand-in's device, and products of them through JavaCPP's bindings. */
abstract class ProductCalls {

  static final int N = 5;
  static final int K = 11;
  static final int LDA = 16;
  static final int LDC = 8;
  static final int MOST = 64;
  static final int WORKSPACE = 64 << 10;
  private static final long RESULT_BYTES = 96;

  final Arena arena = Arena.ofConfined();
  final long seed = System.nanoTime();
  final Random random = new Random(seed);
  StandInDriver driver;
  final CUstream_st stream = new CUstream_st();
  private final cublasLtContext library = new cublasLtContext();
  private final MemorySegment slot = arena.allocate(ValueLayout.JAVA_LONG);
  long a;
  long w;
  long bias;
  long c;
  private long workspace;
  private MemorySegment host;

  @BeforeEach
  void start() {
    driver = StandInDriver.start(16 << 20);
    CUctx_st context = new CUctx_st();
    ok(cudart.cuInit(0));
    ok(cudart.cuDevicePrimaryCtxRetain(context, 0));
    assertEquals(CUBLAS_STATUS_NOT_INITIALIZED, cublas.cublasLtCreate(library));
    ok(cudart.cuCtxSetCurrent(context));
    ok(cudart.cuStreamCreate(stream, CU_STREAM_NON_BLOCKING));
    ok(cublas.cublasLtCreate(library));
    a = allocate(4 * MOST * LDA);
    w = allocate(4 * N * K);
    bias = allocate(4 * N);
    c = allocate(4 * MOST * LDC);
    workspace = allocate(WORKSPACE);
    Pointer memory = new At(0);
    ok(cudart.cuMemHostAlloc(memory, 4 * MOST * LDA, CU_MEMHOSTALLOC_PORTABLE));
    host = segment(memory);
  }

  @SuppressWarnings("restricted") // the length is what was asked for
  private static MemorySegment segment(Pointer memory) {
    return MemorySegment.ofAddress(memory.address()).reinterpret(4 * MOST * LDA);
  }

  @AfterEach
  void stop() {
    arena.close();
    if (driver == null) {
      return;
    }
    ok(cublas.cublasLtDestroy(library));
    ok(cudart.cuStreamDestroy(stream));
    for (long block : new long[] {a, w, bias, c, workspace}) {
      ok(cudart.cuMemFree(block));
    }
    ok(cudart.cuMemFreeHost(new At(host.address())));
    ok(cudart.cuDevicePrimaryCtxRelease(0));
    assertEquals(Map.of(), driver.live());
    driver.close();
  }

  final void ok(int result) {
    assertEquals(0, result, () -> driver.message());
  }

  private long allocate(long bytes) {
    long[] address = new long[1];
    ok(cudart.cuMemAlloc(address, bytes));
    return address[0];
  }

  private At created() {
    return new At(slot.get(ValueLayout.JAVA_LONG, 0));
  }

  private PointerPointer<Pointer> out() {
    return new PointerPointer<>(new At(slot.address()));
  }

  /** A product as the backend asks for it: everything row-major, in cuBLASLt's eyes transposed. */
  final class Problem implements AutoCloseable {
    final int m;
    final cublasLtMatmulDescOpaque_t desc;
    final cublasLtMatrixLayoutOpaque_t layoutW;
    final cublasLtMatrixLayoutOpaque_t layoutA;
    final cublasLtMatrixLayoutOpaque_t layoutC;

    Problem(int m, int in, int to, int epilogue) {
      this.m = m;
      ok(cublas.cublasLtMatmulDescCreate(out(), CUBLAS_COMPUTE_32F, CUDA_R_32F));
      desc = new cublasLtMatmulDescOpaque_t(created());
      set(CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T, 4);
      set(CUBLASLT_MATMUL_DESC_TRANSB, CUBLAS_OP_N, 4);
      set(CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue, 4);
      set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias, 8);
      layoutW = layout(in, K, N, K);
      layoutA = layout(in, K, m, LDA);
      layoutC = layout(to, N, m, LDC);
    }

    void set(int attribute, long value, long bytes) {
      slot.set(ValueLayout.JAVA_LONG, 0, value);
      ok(cublas.cublasLtMatmulDescSetAttribute(desc, attribute, new At(slot.address()), bytes));
    }

    private cublasLtMatrixLayoutOpaque_t layout(int type, int rows, int columns, int ld) {
      ok(cublas.cublasLtMatrixLayoutCreate(out(), type, rows, columns, ld));
      return new cublasLtMatrixLayoutOpaque_t(created());
    }

    /** The algorithms for it, as 64 bytes each. */
    List<MemorySegment> algorithms(int schemes) {
      ok(cublas.cublasLtMatmulPreferenceCreate(out()));
      var preference = new cublasLtMatmulPreferenceOpaque_t(created());
      int[] attributes = {
        CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK
      };
      long[] values = {WORKSPACE, schemes};
      for (int i = 0; i < 2; i++) {
        slot.set(ValueLayout.JAVA_LONG, 0, values[i]);
        At value = new At(slot.address());
        ok(
            cublas.cublasLtMatmulPreferenceSetAttribute(
                preference, attributes[i], value, i == 0 ? 8 : 4));
        assertEquals(
            CUBLAS_STATUS_INVALID_VALUE,
            cublas.cublasLtMatmulPreferenceSetAttribute(preference, attributes[i], value, 2));
      }
      MemorySegment results = arena.allocate(16 * RESULT_BYTES, 8);
      int[] count = new int[1];
      ok(
          cublas.cublasLtMatmulAlgoGetHeuristic(
              library,
              desc,
              layoutW,
              layoutA,
              layoutC,
              layoutC,
              preference,
              16,
              new cublasLtMatmulHeuristicResult_t(new At(results.address())),
              count));
      ok(cublas.cublasLtMatmulPreferenceDestroy(preference));
      List<MemorySegment> algorithms = new ArrayList<>();
      for (int i = 0; i < count[0]; i++) {
        if (results.get(ValueLayout.JAVA_INT, i * RESULT_BYTES + 72) == CUBLAS_STATUS_SUCCESS) {
          algorithms.add(results.asSlice(i * RESULT_BYTES, 64));
        }
      }
      return algorithms;
    }

    int queue(MemorySegment algorithm, long to, long room) {
      MemorySegment scalars = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 0);
      int result =
          cublas.cublasLtMatmul(
              library,
              desc,
              new At(scalars.address()),
              new At(w),
              layoutW,
              new At(a),
              layoutA,
              new At(scalars.address() + 4),
              new At(to),
              layoutC,
              new At(to),
              layoutC,
              new cublasLtMatmulAlgo_t(new At(algorithm.address())),
              new At(workspace),
              room,
              stream);
      scalars.fill((byte) 0x55);
      return result;
    }

    /** Returns C's rows as bytes. */
    byte[] compute(MemorySegment algorithm) {
      ok(queue(algorithm, c, WORKSPACE));
      ok(cudart.cuMemcpyDtoHAsync(new At(host.address()), c, 4 * MOST * LDC, stream));
      ok(cudart.cuStreamSynchronize(stream));
      return host.asSlice(0, 4L * m * LDC).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
      for (cublasLtMatrixLayoutOpaque_t layout : List.of(layoutA, layoutW, layoutC)) {
        ok(cublas.cublasLtMatrixLayoutDestroy(layout));
      }
      ok(cublas.cublasLtMatmulDescDestroy(desc));
      assertEquals(CUBLAS_STATUS_INVALID_VALUE, cublas.cublasLtMatmulDescDestroy(desc));
    }
  }

  /** Random values on the device, returned as they are there; rows from `period` on repeat. */
  final float[] fill(long to, int rows, int stride, int period, int type) {
    float[] values = new float[rows * stride];
    for (int i = 0; i < values.length; i++) {
      float x = i < period * stride ? (float) random.nextGaussian() : values[i - period * stride];
      values[i] = type == CUDA_R_32F ? x : Bfloat16.toFloat((short) Bfloat16.fromFloat(x));
      if (type == CUDA_R_32F) {
        host.setAtIndex(ValueLayout.JAVA_FLOAT, i, x);
      } else {
        host.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) Bfloat16.fromFloat(x));
      }
    }
    long bytes = values.length * (type == CUDA_R_32F ? 4L : 2L);
    ok(cudart.cuMemcpyHtoDAsync(to, new At(host.address()), bytes, stream));
    ok(cudart.cuStreamSynchronize(stream));
    return values;
  }
}
