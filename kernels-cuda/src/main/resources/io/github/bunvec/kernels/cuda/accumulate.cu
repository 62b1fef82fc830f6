/*
 * accumulate_*:  out = factor in, where first is not 0, and otherwise out = out + factor in
 *
 *   in, out  [rows, width] of T, strides in values; do not overlap
 *   first    whether out holds nothing yet: it is not read then
 *   rows     how many rows there are, one int in device memory
 *
 * Requires (checked by the host): width >= 1; in and out on 16-byte borders, strides multiples of 8 and at least width. Values between width and stride are
 * left as they are.
 * Numerics: a fused multiply-add in float, rounded to T each time.
 *
 * Grid: x = ceil(bucket rows / 4), y = ceil(width / (128 CHUNK<T>)), that is 512 columns of float or 1024 of bf16. Block: 128; a thread has a chunk of columns and
 * four rows. Shared: none. Compute capability 8.0.
 */

constexpr int BLOCK = 128;
constexpr int ROWS_PER_BLOCK = 4;

template <typename T>
__device__ __forceinline__ void accumulate(
    const T* __restrict__ in, int inStride, float factor, int first, T* __restrict__ out, int outStride, int width, const int* rows) {
  constexpr int V = CHUNK<T>;
  int column = (blockIdx.y * BLOCK + threadIdx.x) * V;
  int count = width - column;
  if (count <= 0) {
    return;
  }
  int begin = blockIdx.x * ROWS_PER_BLOCK;
  int end = min(begin + ROWS_PER_BLOCK, *rows);
  for (int row = begin; row < end; row++) {
    float x[V];
    float y[V];
    T* to = out + static_cast<size_t>(row) * outStride + column;
    loadChunk(in + static_cast<size_t>(row) * inStride + column, count, x);
    if (first == 0) {
      loadChunk(to, count, y);
#pragma unroll
      for (int i = 0; i < V; i++) {
        y[i] = fmaf(factor, x[i], y[i]);
      }
    } else {
#pragma unroll
      for (int i = 0; i < V; i++) {
        y[i] = factor * x[i];
      }
    }
    storeChunk(to, count, y);
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    accumulate_f32(const float* in, int inStride, float factor, int first, float* out, int outStride, int width, const int* rows) {
  accumulate(in, inStride, factor, first, out, outStride, width, rows);
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    accumulate_bf16(const bf16* in, int inStride, float factor, int first, bf16* out, int outStride, int width, const int* rows) {
  accumulate(in, inStride, factor, first, out, outStride, width, rows);
}
