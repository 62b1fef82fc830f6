package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_EPILOGUE_GELU_BIAS;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSA;
import static org.bytedeco.cuda.global.cublas.CUBLASLT_MATMUL_DESC_TRANSB;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F;
import static org.bytedeco.cuda.global.cublas.CUBLAS_COMPUTE_32F_FAST_TF32;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;

import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.global.cublas;

/**
 * A product in cuBLASLt's terms. Its matrices are column-major, which row-major ones are when
 * transposed: {@code C^T [n, m] = W A^T + bias}, so that its A is our W, its B our A, and its bias
 * runs down the columns.
 */
final class Problem implements AutoCloseable {

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment slot = arena.allocate(ValueLayout.JAVA_LONG);
  private final Resources resources = new Resources();
  private final cublasLtMatmulDescOpaque_t operation;
  private final cublasLtMatrixLayoutOpaque_t w;
  private final cublasLtMatrixLayoutOpaque_t a;
  private final cublasLtMatrixLayoutOpaque_t c;

  /**
   * Describes a product.
   *
   * @param tf32 whether inputs of F32 are rounded to TF32
   */
  Problem(Product product, boolean tf32) {
    try {
      operation = operation(tf32);
      set(CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
      set(CUBLASLT_MATMUL_DESC_TRANSB, CUBLAS_OP_N);
      set(
          CUBLASLT_MATMUL_DESC_EPILOGUE,
          product.gelu() ? CUBLASLT_EPILOGUE_GELU_BIAS : CUBLASLT_EPILOGUE_BIAS);
      slot.set(ValueLayout.JAVA_LONG, 0, product.bias());
      set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, slot, Long.BYTES);
      w = layout(product.in(), product.k(), product.n(), product.k());
      a = layout(product.in(), product.k(), product.m(), product.lda());
      c = layout(product.out(), product.n(), product.m(), product.ldc());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  cublasLtMatmulDescOpaque_t operation() {
    return operation;
  }

  cublasLtMatrixLayoutOpaque_t w() {
    return w;
  }

  cublasLtMatrixLayoutOpaque_t a() {
    return a;
  }

  cublasLtMatrixLayoutOpaque_t c() {
    return c;
  }

  private cublasLtMatmulDescOpaque_t operation(boolean tf32) {
    int compute = tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
    int result = cublas.cublasLtMatmulDescCreate(Address.slot(slot), compute, CUDA_R_32F);
    CublasLt.check(result, "cublasLtMatmulDescCreate");
    cublasLtMatmulDescOpaque_t made = new cublasLtMatmulDescOpaque_t(created());
    resources.add(() -> cublas.cublasLtMatmulDescDestroy(made));
    return made;
  }

  private void set(int attribute, int value) {
    slot.set(ValueLayout.JAVA_INT, 0, value);
    set(attribute, slot, Integer.BYTES);
  }

  private void set(int attribute, MemorySegment value, long bytes) {
    int result =
        cublas.cublasLtMatmulDescSetAttribute(operation, attribute, Address.of(value), bytes);
    CublasLt.check(result, "cublasLtMatmulDescSetAttribute");
  }

  private cublasLtMatrixLayoutOpaque_t layout(ElementType type, int rows, int columns, int ld) {
    int element = type == ElementType.F32 ? CUDA_R_32F : CUDA_R_16BF;
    int result = cublas.cublasLtMatrixLayoutCreate(Address.slot(slot), element, rows, columns, ld);
    CublasLt.check(result, "cublasLtMatrixLayoutCreate");
    cublasLtMatrixLayoutOpaque_t made = new cublasLtMatrixLayoutOpaque_t(created());
    resources.add(() -> cublas.cublasLtMatrixLayoutDestroy(made));
    return made;
  }

  private Address created() {
    return new Address(slot.get(ValueLayout.JAVA_LONG, 0));
  }

  @Override
  public void close() {
    resources.close();
    arena.close();
  }
}
