/*
 * normalize_*:  x = x / max(|x|, 1e-12) for every row, in place, by the L2 norm
 *
 *   x     [rows, width] of T, stride in values
 *   rows  how many rows there are, one int in device memory
 *
 * Requires (checked by the host): width >= 1; x on a 16-byte border, stride a multiple of 8 and at least width. Values between width and stride are
 * left as they are.
 * Numerics: squares in one chain per lane (columns ascending) and warpSum. Below 1e-19 squares vanish, where the norm counts as 1e-12 anyway; a row with
 * a norm above 1.8e19 becomes 0.
 *
 * Grid: x = ceil(bucket rows / 4). Block: 128, a warp per row. Shared: none. Compute capability 8.0.
 */

constexpr int ROWS_PER_BLOCK = 4;

template <typename T>
__device__ __forceinline__ void normalize(T* x, int stride, int width, const int* rows) {
  constexpr int V = CHUNK<T>;
  int row = blockIdx.x * ROWS_PER_BLOCK + threadIdx.x / WARP;
  if (row >= *rows) {
    return;
  }
  T* at = x + static_cast<size_t>(row) * stride;
  int first = threadIdx.x % WARP * V;
  float v[V];
  float squares = 0.0f;
  for (int column = first; column < width; column += WARP * V) {
    loadChunk(at + column, width - column, v);
#pragma unroll
    for (int i = 0; i < V; i++) {
      squares = fmaf(v[i], v[i], squares);
    }
  }
  float norm = fmaxf(sqrtf(warpSum(squares)), 1e-12f);
  for (int column = first; column < width; column += WARP * V) {
    loadChunk(at + column, width - column, v);
#pragma unroll
    for (int i = 0; i < V; i++) {
      v[i] /= norm;
    }
    storeChunk(at + column, width - column, v);
  }
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP) normalize_f32(float* x, int stride, int width, const int* rows) {
  normalize(x, stride, width, rows);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP) normalize_bf16(bf16* x, int stride, int width, const int* rows) {
  normalize(x, stride, width, rows);
}
