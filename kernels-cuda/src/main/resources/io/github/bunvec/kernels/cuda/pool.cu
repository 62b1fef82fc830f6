/*
 * pool_*:  out = one vector per mode, one after another, of the rows of a sequence; then, where normalize is not 0, out / max(|out|, 1e-12) by the L2
 *          norm of all of them
 *
 *   in           [tokens, width] of T, stride in values; sequence i is rows cuSeqlens[i] .. cuSeqlens[i + 1] - 1, at least one
 *   cuSeqlens    [sequences + 1] int
 *   firstPooled  [sequences] int: how many first rows take no part, at most all
 *   modes        constants of enum PoolingMode, four bits each, the first in the lowest; modeCount of them, 1 to 16
 *   out          [sequences, modeCount width] float, stride in values
 *   sequences    how many there are, one int in device memory
 *
 * Over the n rows that take part, r the number of a row within its sequence, from 1:
 *   MEAN  sum x / n     MEAN_SQRT_LEN  sum x / sqrt(n)     WEIGHTED_MEAN  sum r x / sum r     LAST_TOKEN  the last one; all of them 0 where n = 0
 *   MAX   the greatest values; rows left out count as -1e9, a NaN as greater than all
 *   CLS   the first row of the sequence, whether it takes part or not
 *
 * Requires (checked by the host): width >= 1; in on a 16-byte border, its stride a multiple of 8 and at least width; the stride of out at least modeCount width;
 * in and out do not overlap.
 * Numerics: sums in float: every eighth row in one chain, rows ascending, then the eight chains ascending. Squares in one chain per thread, then
 * warpSum, then the warps ascending; for their range see normalize.cu.
 *
 * Grid: x = bucket sequences. Block: 256, a warp for every eighth row; it covers 32 CHUNK<T> columns at a time. Shared: 8 KB (bf16) or 4 KB (float), static. Compute
 * capability 8.0.
 */

constexpr int STRIPES = 8;
constexpr int BLOCK = STRIPES * WARP;
constexpr int BLOCKS_PER_SM = 3; // of 80 registers a thread: no spill

/** In the order of io.github.bunvec.loader.PoolingMode. */
enum PoolingMode { CLS, MAX, MEAN, MEAN_SQRT_LEN, WEIGHTED_MEAN, LAST_TOKEN };

/** What a mode takes: rows first .. last - 1 of a sequence, their sum over a divisor or, where that is 0, their maximum from a floor on. */
struct Share {
  int first;
  int last;
  float divisor;
  bool ascending; // a row counts as often as its number says
  float floor;
};

__device__ __forceinline__ Share shareOf(int mode, int length, int skipped) {
  int count = length - skipped;
  switch (mode) {
    case CLS:
      return Share{0, 1, 1.0f, false, 0.0f};
    case LAST_TOKEN:
      return Share{count == 0 ? length : length - 1, length, 1.0f, false, 0.0f};
    case MAX:
      return Share{skipped, length, 0.0f, false, skipped == 0 ? __uint_as_float(0xff800000u) : -1e9f};
    case MEAN_SQRT_LEN:
      return Share{skipped, length, count == 0 ? 1.0f : sqrtf(static_cast<float>(count)), false, 0.0f};
    case WEIGHTED_MEAN: {
      long long weights = static_cast<long long>(length) * (length + 1) / 2 - static_cast<long long>(skipped) * (skipped + 1) / 2;
      return Share{skipped, length, count == 0 ? 1.0f : static_cast<float>(weights), true, 0.0f};
    }
    default:
      return Share{skipped, length, count == 0 ? 1.0f : static_cast<float>(count), false, 0.0f};
  }
}

/** Not by fmaxf, which drops NaNs. */
__device__ __forceinline__ float greater(float x, float than) { return x > than || x != x ? x : than; }

/** Every eighth row of a share from the stripe's first on: the chunk at a column, its sum or maximum. */
template <typename T>
__device__ __forceinline__ void poolStripe(
    const T* __restrict__ rows, int stride, Share share, int stripe, int column, int count, float (&pooled)[CHUNK<T>]) {
  constexpr int V = CHUNK<T>;
#pragma unroll
  for (int i = 0; i < V; i++) {
    pooled[i] = share.floor;
  }
  float x[V];
  if (share.divisor == 0.0f) {
#pragma unroll 4
    for (int row = share.first + stripe; row < share.last; row += STRIPES) {
      loadChunk(rows + static_cast<size_t>(row) * stride + column, count, x);
#pragma unroll
      for (int i = 0; i < V; i++) {
        pooled[i] = greater(x[i], pooled[i]);
      }
    }
  } else {
#pragma unroll 4
    for (int row = share.first + stripe; row < share.last; row += STRIPES) {
      loadChunk(rows + static_cast<size_t>(row) * stride + column, count, x);
      float weight = share.ascending ? static_cast<float>(row + 1) : 1.0f;
#pragma unroll
      for (int i = 0; i < V; i++) {
        pooled[i] = fmaf(weight, x[i], pooled[i]);
      }
    }
  }
}

/** The eight stripes of one column, together. */
template <int COLUMNS>
__device__ __forceinline__ float poolColumn(const float (&partial)[STRIPES][COLUMNS], int column, Share share) {
  float pooled = partial[0][column];
#pragma unroll
  for (int stripe = 1; stripe < STRIPES; stripe++) {
    float other = partial[stripe][column];
    pooled = share.divisor == 0.0f ? greater(other, pooled) : pooled + other;
  }
  return share.divisor == 0.0f ? pooled : pooled / share.divisor;
}

/** The sum over a block's threads, in all of them. */
__device__ __forceinline__ float blockSum(float x) {
  __shared__ float sums[STRIPES];
  float sum = warpSum(x);
  if (threadIdx.x % WARP == 0) {
    sums[threadIdx.x / WARP] = sum;
  }
  __syncthreads();
  sum = sums[0];
#pragma unroll
  for (int warp = 1; warp < STRIPES; warp++) {
    sum += sums[warp];
  }
  return sum;
}

template <typename T>
__device__ __forceinline__ void pool(
    const T* __restrict__ in, int inStride, const int* cuSeqlens, const int* firstPooled, unsigned long long modes, int modeCount, int width,
    float* __restrict__ out, int outStride, int normalize, const int* sequences) {
  constexpr int V = CHUNK<T>;
  constexpr int COLUMNS = WARP * V;
  __shared__ __align__(16) float partial[STRIPES][COLUMNS];
  int sequence = blockIdx.x;
  if (sequence >= *sequences) {
    return;
  }
  int begin = cuSeqlens[sequence];
  int length = cuSeqlens[sequence + 1] - begin;
  const T* rows = in + static_cast<size_t>(begin) * inStride;
  float* to = out + static_cast<size_t>(sequence) * outStride;
  int stripe = threadIdx.x / WARP;
  int lane = threadIdx.x % WARP;
  float squares = 0.0f;
  for (int m = 0; m < modeCount; m++) {
    Share share = shareOf(static_cast<int>(modes >> 4 * m & 15u), length, firstPooled[sequence]);
    for (int first = 0; first < width; first += COLUMNS) {
      int column = first + lane * V;
      if (column < width) {
        float pooled[V];
        poolStripe(rows, inStride, share, stripe, column, width - column, pooled);
        storeChunk(&partial[stripe][lane * V], pooled);
      }
      __syncthreads();
      if (threadIdx.x < COLUMNS && first + static_cast<int>(threadIdx.x) < width) {
        float pooled = poolColumn(partial, threadIdx.x, share);
        to[m * width + first + threadIdx.x] = pooled;
        squares = fmaf(pooled, pooled, squares);
      }
      __syncthreads(); // before partial is written again
    }
  }
  if (normalize != 0) {
    float norm = fmaxf(sqrtf(blockSum(squares)), 1e-12f);
    // Every thread divides what it has written.
    for (int m = 0; m < modeCount; m++) {
      for (int first = 0; first < width; first += COLUMNS) {
        if (threadIdx.x < COLUMNS && first + static_cast<int>(threadIdx.x) < width) {
          to[m * width + first + threadIdx.x] /= norm;
        }
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK, BLOCKS_PER_SM) pool_f32(
    const float* in, int inStride, const int* cuSeqlens, const int* firstPooled, unsigned long long modes, int modeCount, int width, float* out, int outStride,
    int normalize, const int* sequences) {
  pool(in, inStride, cuSeqlens, firstPooled, modes, modeCount, width, out, outStride, normalize, sequences);
}

extern "C" __global__ void __launch_bounds__(BLOCK, BLOCKS_PER_SM) pool_bf16(
    const bf16* in, int inStride, const int* cuSeqlens, const int* firstPooled, unsigned long long modes, int modeCount, int width, float* out, int outStride,
    int normalize, const int* sequences) {
  pool(in, inStride, cuSeqlens, firstPooled, modes, modeCount, width, out, outStride, normalize, sequences);
}
