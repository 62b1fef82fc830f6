/*
 * cast_f32_bf16:  out = in, rounded to nearest even
 * cast_bf16_f32:  out = in, exact
 *
 *   in, out  [rows, width], one of float and one of bf16, strides in values; do not overlap
 *   rows     how many rows there are, one int in device memory
 *
 * Requires (checked by the host): width >= 1; in and out on 16-byte borders, strides multiples of 8 and at least width. Values between width and stride are
 * left as they are. A NaN stays one.
 *
 * Grid: x = ceil(bucket rows / 4), y = ceil(width / 1024). Block: 128; a thread has eight columns and four rows. Shared: none. Compute capability 8.0.
 */

constexpr int BLOCK = 128;
constexpr int ROWS_PER_BLOCK = 4;

template <typename In, typename Out>
__device__ __forceinline__ void cast(const In* __restrict__ in, int inStride, Out* __restrict__ out, int outStride, int width, const int* rows) {
  constexpr int V = CHUNK<bf16>;
  int column = (blockIdx.y * BLOCK + threadIdx.x) * V;
  int count = width - column;
  if (count <= 0) {
    return;
  }
  int begin = blockIdx.x * ROWS_PER_BLOCK;
  int end = min(begin + ROWS_PER_BLOCK, *rows);
  for (int row = begin; row < end; row++) {
    float x[V];
    loadChunk(in + static_cast<size_t>(row) * inStride + column, count, x);
    storeChunk(out + static_cast<size_t>(row) * outStride + column, count, x);
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    cast_f32_bf16(const float* in, int inStride, bf16* out, int outStride, int width, const int* rows) {
  cast(in, inStride, out, outStride, width, rows);
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    cast_bf16_f32(const bf16* in, int inStride, float* out, int outStride, int width, const int* rows) {
  cast(in, inStride, out, outStride, width, rows);
}
