/*
 * add_layer_norm_*:  residual = LN(in + residual)
 * layer_norm_*:      x = LN(x)
 * LN(x) = (x - mean) / sqrt(variance + eps) gamma + beta, mean and variance of the row, the variance over width.
 *
 *   in, residual, x  [rows, width] of T, strides in values
 *   gamma, beta      [width] float
 *   rows             how many rows there are, one int in device memory
 *
 * Requires (checked by the host): width >= 1; all base pointers on 16-byte borders, strides multiples of 8 and at least width; in and residual do not overlap.
 * In place; values between width and stride are left as they are.
 * Numerics: the sum is not rounded to T before it is normalised; see normalizeRow.
 *
 * Grid: x = ceil(bucket rows / 4). Block: 128, a warp per row. Shared: none. Compute capability 8.0.
 */

constexpr int ROWS_PER_BLOCK = 4;
constexpr int BLOCKS_PER_SM = 4; // of 128 registers a thread: all loads of a row in flight, no spill

template <typename T>
__device__ __forceinline__ void addLayerNorm(
    const T* __restrict__ in, int inStride, T* __restrict__ residual, int residualStride, int width, Norm norm, const int* rows) {
  int row = blockIdx.x * ROWS_PER_BLOCK + threadIdx.x / WARP;
  if (row >= *rows) {
    return;
  }
  const T* x = in + static_cast<size_t>(row) * inStride;
  T* y = residual + static_cast<size_t>(row) * residualStride;
  auto sum = [x, y](int column, int count, float (&s)[CHUNK<T>]) {
    float a[CHUNK<T>];
    loadChunk(x + column, count, a);
    loadChunk(y + column, count, s);
#pragma unroll
    for (int i = 0; i < CHUNK<T>; i++) {
      s[i] += a[i];
    }
  };
  normalizeRow(sum, width, norm, y);
}

template <typename T>
__device__ __forceinline__ void layerNorm(T* x, int stride, int width, Norm norm, const int* rows) {
  int row = blockIdx.x * ROWS_PER_BLOCK + threadIdx.x / WARP;
  if (row >= *rows) {
    return;
  }
  T* y = x + static_cast<size_t>(row) * stride;
  auto load = [y](int column, int count, float (&s)[CHUNK<T>]) { loadChunk(y + column, count, s); };
  normalizeRow(load, width, norm, y);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM) add_layer_norm_f32(
    const float* in, int inStride, float* residual, int residualStride, int width, const float* gamma, const float* beta, float eps, const int* rows) {
  addLayerNorm(in, inStride, residual, residualStride, width, Norm{gamma, beta, eps}, rows);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM) add_layer_norm_bf16(
    const bf16* in, int inStride, bf16* residual, int residualStride, int width, const float* gamma, const float* beta, float eps, const int* rows) {
  addLayerNorm(in, inStride, residual, residualStride, width, Norm{gamma, beta, eps}, rows);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM)
    layer_norm_f32(float* x, int stride, int width, const float* gamma, const float* beta, float eps, const int* rows) {
  layerNorm(x, stride, width, Norm{gamma, beta, eps}, rows);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM)
    layer_norm_bf16(bf16* x, int stride, int width, const float* gamma, const float* beta, float eps, const int* rows) {
  layerNorm(x, stride, width, Norm{gamma, beta, eps}, rows);
}
