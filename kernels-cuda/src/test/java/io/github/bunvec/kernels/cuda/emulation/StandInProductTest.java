package io.github.bunvec.kernels.cuda.emulation;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_GELU_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_MASK;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_REDUCTION_SCHEME_NONE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_INTERNAL_ERROR;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_INVALID_VALUE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_STATUS_NOT_SUPPORTED;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;
import static org.bytedeco.cuda.global.cudart.CU_EVENT_DEFAULT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.kernels.cuda.emulation.StandInDriver.Algorithm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.Test;

/** The stand-in for cuBLASLt, through JavaCPP's bindings, against plain loops. */
class StandInProductTest extends ProductCalls {

  private void expectProduct(int in, int to, int epilogue) {
    int m = 3 + random.nextInt(MOST - 3);
    float[] inputs = fill(a, m, LDA, m, in);
    float[] weights = fill(w, N, K, N, in);
    float[] biases = fill(bias, 1, N, 1, to);
    try (Problem problem = new Problem(m, in, to, epilogue)) {
      byte[] bytes = problem.compute(problem.algorithms(CUBLASLT_REDUCTION_SCHEME_NONE).getFirst());
      MemorySegment found = arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < N; j++) {
          double sum = biases[j];
          for (int k = 0; k < K; k++) {
            sum += (double) inputs[i * LDA + k] * weights[j * K + k];
          }
          double expected =
              epilogue == CUBLASLT_EPILOGUE_BIAS
                  ? sum
                  : sum
                      / 2
                      * (1
                          + Math.tanh(Math.sqrt(2 / Math.PI) * (sum + 0.044715 * sum * sum * sum)));
          long at = (long) i * LDC + j;
          double value =
              to == CUDA_R_32F
                  ? found.getAtIndex(ValueLayout.JAVA_FLOAT, at)
                  : Bfloat16.toFloat(found.getAtIndex(ValueLayout.JAVA_SHORT, at));
          double tolerance = 1e-5 + (to == CUDA_R_32F ? 1e-5 : 0x1p-8) * Math.abs(expected);
          assertEquals(expected, value, tolerance, "seed " + seed + ", row " + i + " column " + j);
        }
      }
    }
  }

  @Test
  void multipliesAsItIsTold() {
    expectProduct(CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS);
    expectProduct(CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_GELU_BIAS);
    expectProduct(CUDA_R_16BF, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS);
    expectProduct(CUDA_R_16BF, CUDA_R_16BF, CUBLASLT_EPILOGUE_BIAS);
    expectProduct(CUDA_R_16BF, CUDA_R_16BF, CUBLASLT_EPILOGUE_GELU_BIAS);
  }

  /** Each algorithm is as good or bad as it is meant to be. */
  @Test
  void offersGoodAndBadAlgorithms() {
    fill(a, MOST, LDA, 16, CUDA_R_32F);
    fill(w, N, K, N, CUDA_R_32F);
    fill(bias, 1, N, 1, CUDA_R_32F);
    Map<Algorithm, byte[]> of32 = results(32, CUBLASLT_REDUCTION_SCHEME_MASK);
    Map<Algorithm, byte[]> of33 = results(33, CUBLASLT_REDUCTION_SCHEME_MASK);
    Map<Algorithm, byte[]> of4 = results(4, CUBLASLT_REDUCTION_SCHEME_MASK);
    assertEquals(List.of(Algorithm.values()), of32.keySet().stream().sorted().toList());
    assertFalse(of4.containsKey(Algorithm.NOT_FOR_FEW) || of4.containsKey(Algorithm.FASTEST));
    assertFalse(results(32, CUBLASLT_REDUCTION_SCHEME_NONE).containsKey(Algorithm.SPLIT_K));
    byte[] inOrder = of32.get(Algorithm.IN_ORDER);
    for (Algorithm same : List.of(Algorithm.NOT_FOR_FEW, Algorithm.FASTEST)) {
      assertArrayEquals(inOrder, of32.get(same));
    }
    assertTrue(repeats(inOrder) && repeats(of32.get(Algorithm.BACKWARDS)));
    assertFalse(Arrays.equals(inOrder, of32.get(Algorithm.BACKWARDS)));
    assertFalse(repeats(of32.get(Algorithm.BY_PLACE)));
    for (Algorithm algorithm :
        List.of(Algorithm.IN_ORDER, Algorithm.BACKWARDS, Algorithm.BY_PLACE)) {
      assertArrayEquals(firstRows(of32.get(algorithm)), firstRows(of33.get(algorithm)));
    }
    assertFalse(
        Arrays.equals(
            firstRows(of32.get(Algorithm.SPLIT_K)), firstRows(of33.get(Algorithm.SPLIT_K))));
  }

  private static byte[] firstRows(byte[] rows) {
    return Arrays.copyOf(rows, 4 * 16 * LDC);
  }

  /** Whether row 16 is row 0 again, and so on; without what lies between N and the stride. */
  private static boolean repeats(byte[] rows) {
    return Arrays.equals(firstRows(rows), Arrays.copyOfRange(rows, 4 * 16 * LDC, 4 * 32 * LDC));
  }

  private Map<Algorithm, byte[]> results(int m, int schemes) {
    Map<Algorithm, byte[]> results = new HashMap<>();
    try (Problem problem = new Problem(m, CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS)) {
      for (MemorySegment algorithm : problem.algorithms(schemes)) {
        byte[] rows = problem.compute(algorithm);
        results.put(driver.lastAlgorithm(m), rows);
        assertTrue(driver.products(driver.lastAlgorithm(m)) > 0);
      }
    }
    return results;
  }

  @Test
  void takesLeastTimeByTheFastest() {
    fill(a, MOST, LDA, 16, CUDA_R_32F);
    fill(w, N, K, N, CUDA_R_32F);
    fill(bias, 1, N, 1, CUDA_R_32F);
    Map<Algorithm, Float> times = new HashMap<>();
    try (Problem problem = new Problem(32, CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS)) {
      for (MemorySegment algorithm : problem.algorithms(CUBLASLT_REDUCTION_SCHEME_NONE)) {
        float first = milliseconds(problem, algorithm);
        float second = milliseconds(problem, algorithm);
        assertTrue(first > 10 * second, "the first time it is loaded");
        times.put(driver.lastAlgorithm(32), second);
      }
    }
    assertEquals(5, times.size());
    assertEquals(Collections.min(times.values()), times.get(Algorithm.FASTEST));
  }

  private float milliseconds(Problem problem, MemorySegment algorithm) {
    CUevent_st begin = new CUevent_st();
    CUevent_st end = new CUevent_st();
    float[] milliseconds = new float[1];
    ok(cudart.cuEventCreate(begin, CU_EVENT_DEFAULT));
    ok(cudart.cuEventCreate(end, CU_EVENT_DEFAULT));
    ok(cudart.cuEventRecord(begin, stream));
    ok(problem.queue(algorithm, c, WORKSPACE));
    ok(cudart.cuEventRecord(end, stream));
    ok(cudart.cuEventSynchronize(end));
    ok(cudart.cuEventElapsedTime(milliseconds, begin, end));
    ok(cudart.cuEventDestroy(begin));
    ok(cudart.cuEventDestroy(end));
    return milliseconds[0];
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (Problem many = new Problem(16, CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS);
        Problem few = new Problem(4, CUDA_R_32F, CUDA_R_32F, CUBLASLT_EPILOGUE_BIAS);
        Problem narrow = new Problem(16, CUDA_R_16BF, CUDA_R_16BF, CUBLASLT_EPILOGUE_BIAS)) {
      driver.offer(List.of(Algorithm.NOT_FOR_FEW));
      MemorySegment notForFew = many.algorithms(CUBLASLT_REDUCTION_SCHEME_NONE).getFirst();
      assertEquals(CUBLAS_STATUS_NOT_SUPPORTED, few.queue(notForFew, c, WORKSPACE));
      assertEquals(CUBLAS_STATUS_NOT_SUPPORTED, narrow.queue(notForFew, c, WORKSPACE));
      assertEquals(CUBLAS_STATUS_INVALID_VALUE, many.queue(notForFew, c + 4, WORKSPACE));
      assertEquals(CUBLAS_STATUS_INVALID_VALUE, many.queue(notForFew, bias, WORKSPACE));
      driver.offer(List.of(Algorithm.BACKWARDS));
      MemorySegment roomy = many.algorithms(CUBLASLT_REDUCTION_SCHEME_NONE).getFirst();
      assertEquals(CUBLAS_STATUS_INVALID_VALUE, many.queue(roomy, c, WORKSPACE - 1));
      driver.failNext("cublasLtMatmul", CUBLAS_STATUS_INTERNAL_ERROR);
      assertEquals(CUBLAS_STATUS_INTERNAL_ERROR, many.queue(roomy, c, WORKSPACE));
      ok(many.queue(roomy, c, WORKSPACE));
      driver.offer(List.of(Algorithm.values()));
    }
  }
}
