package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_NONE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_NOT_SUPPORTED;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_SUCCESS;

import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.device.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;

/**
 * cuBLASLt on one GPU, whose context must be current in every call. Safe for concurrent use, as the
 * library is.
 */
public final class CublasLt implements AutoCloseable {

  /** Bytes that a stream has for algorithms that need room; NVIDIA's advice for Hopper. */
  public static final long WORKSPACE = 32L << 20;

  /** Addresses and leading dimensions of {@link Product} are multiples of it, in bytes. */
  private static final int ALIGNMENT = 16;

  private static final long ALGORITHM_BYTES = 64; // uint64_t data[8]
  private static final long RESULT_BYTES = 96; // algo, size_t, status, float, int[4]

  private static final MemorySegment ONE = scalar(1);
  private static final MemorySegment ZERO = scalar(0);

  private final cublasLtContext handle;
  private final boolean tf32;

  /**
   * Starts the library.
   *
   * @param tf32 whether inputs of F32 are rounded to TF32
   */
  public CublasLt(boolean tf32) {
    this.tf32 = tf32;
    this.handle = new cublasLtContext();
    check(cublas.cublasLtCreate(handle), "cublasLtCreate");
  }

  private static MemorySegment scalar(float value) {
    return Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, value);
  }

  /** Throws if a call was refused. */
  static void check(int status, String call) {
    if (status != CUBLAS_STATUS_SUCCESS) {
      throw new GpuException(
          "%s failed: %s".formatted(call, cublas.cublasLtGetStatusString(status).getString()));
    }
  }

  /**
   * Returns algorithms for a product, the one first that the library takes for the fastest.
   *
   * @param product what is to be computed
   * @param most how many at most
   * @param split whether the inputs of an output may be divided among blocks whose sums are added
   *     afterwards: into how many depends on m, and so do the bits
   * @return none if the library cannot compute it
   */
  public List<Algorithm> heuristics(Product product, int most, boolean split) {
    try (Arena arena = Arena.ofConfined();
        Problem problem = new Problem(product, tf32)) {
      MemorySegment results = arena.allocate(most * RESULT_BYTES, 8);
      int[] count = new int[1];
      cublasLtMatmulPreferenceOpaque_t preference = preference(arena, split);
      int status;
      try {
        status =
            cublas.cublasLtMatmulAlgoGetHeuristic(
                handle,
                problem.operation(),
                problem.w(),
                problem.a(),
                problem.c(),
                problem.c(),
                preference,
                most,
                new cublasLtMatmulHeuristicResult_t(Address.of(results)),
                count);
      } finally {
        cublas.cublasLtMatmulPreferenceDestroy(preference);
      }
      if (status == CUBLAS_STATUS_NOT_SUPPORTED) {
        return List.of();
      }
      check(status, "cublasLtMatmulAlgoGetHeuristic");
      List<Algorithm> algorithms = new ArrayList<>();
      for (int i = 0; i < count[0]; i++) {
        MemorySegment result = results.asSlice(i * RESULT_BYTES, RESULT_BYTES);
        if (result.get(ValueLayout.JAVA_INT, ALGORITHM_BYTES + 8) == CUBLAS_STATUS_SUCCESS) {
          algorithms.add(algorithm(result));
        }
      }
      return algorithms;
    }
  }

  private static Algorithm algorithm(MemorySegment result) {
    MemorySegment bits = Arena.ofAuto().allocate(ALGORITHM_BYTES, 8);
    bits.copyFrom(result.asSlice(0, ALGORITHM_BYTES));
    return new Algorithm(bits);
  }

  private static cublasLtMatmulPreferenceOpaque_t preference(Arena arena, boolean split) {
    MemorySegment slot = arena.allocate(ValueLayout.JAVA_LONG);
    check(
        cublas.cublasLtMatmulPreferenceCreate(Address.slot(slot)),
        "cublasLtMatmulPreferenceCreate");
    cublasLtMatmulPreferenceOpaque_t made =
        new cublasLtMatmulPreferenceOpaque_t(new Address(slot.get(ValueLayout.JAVA_LONG, 0)));
    set(made, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, slot, WORKSPACE, Long.BYTES);
    set(
        made,
        CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
        slot,
        split ? CUBLASLT_REDUCTION_SCHEME_MASK : CUBLASLT_REDUCTION_SCHEME_NONE,
        Integer.BYTES);
    for (int matrix :
        new int[] {
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES
        }) {
      set(made, matrix, slot, ALIGNMENT, Integer.BYTES);
    }
    return made;
  }

  /** Sets an attribute; little-endian, so that the first bytes of a long are an int. */
  private static void set(
      cublasLtMatmulPreferenceOpaque_t preference,
      int attribute,
      MemorySegment slot,
      long value,
      long bytes) {
    slot.set(ValueLayout.JAVA_LONG, 0, value);
    check(
        cublas.cublasLtMatmulPreferenceSetAttribute(preference, attribute, Address.of(slot), bytes),
        "cublasLtMatmulPreferenceSetAttribute");
  }

  /** Whether an algorithm can compute a product. */
  boolean accepts(Product product, Algorithm algorithm) {
    try (Arena arena = Arena.ofConfined();
        Problem problem = new Problem(product, tf32)) {
      MemorySegment result = arena.allocate(RESULT_BYTES, 8);
      int status =
          cublas.cublasLtMatmulAlgoCheck(
              handle,
              problem.operation(),
              problem.w(),
              problem.a(),
              problem.c(),
              problem.c(),
              new cublasLtMatmulAlgo_t(Address.of(algorithm.bits())),
              new cublasLtMatmulHeuristicResult_t(Address.of(result)));
      return status == CUBLAS_STATUS_SUCCESS
          && result.get(ValueLayout.JAVA_LONG, ALGORITHM_BYTES) <= WORKSPACE;
    }
  }

  /**
   * Queues a product.
   *
   * @param product what is computed
   * @param algorithm how
   * @param workspace address of {@link #WORKSPACE} bytes that are the stream's own
   * @param stream where it is queued
   */
  public void multiply(Product product, Algorithm algorithm, long workspace, CUstream_st stream) {
    try (Problem problem = new Problem(product, tf32)) {
      int status =
          cublas.cublasLtMatmul(
              handle,
              problem.operation(),
              Address.of(ONE),
              new Address(product.w()),
              problem.w(),
              new Address(product.a()),
              problem.a(),
              Address.of(ZERO),
              new Address(product.c()),
              problem.c(),
              new Address(product.c()),
              problem.c(),
              new cublasLtMatmulAlgo_t(Address.of(algorithm.bits())),
              new Address(workspace),
              WORKSPACE,
              stream);
      check(status, "cublasLtMatmul of " + product);
    }
  }

  @Override
  public void close() {
    cublas.cublasLtDestroy(handle);
  }
}
