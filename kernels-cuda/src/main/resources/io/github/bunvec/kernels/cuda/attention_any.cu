/*
 * attention_any_*:        out[i] = sum_j softmax_j(q_i . k_j / sqrt(width)) v_j      for every head, i and j within one sequence
 * attention_any_first_*:  the same for the first token of each sequence alone
 * for heads of any width up to 1024; attention.cu is for 32, 64 and 128, and many times as fast.
 *
 *   qkv        [tokens, 3 hidden] of T, stride in values: query, key and value side by side, heads consecutive in each; hidden = heads * width
 *   width      of a head
 *   cuSeqlens  [sequences + 1] int: sequence s is rows cuSeqlens[s] .. cuSeqlens[s + 1], at least one
 *   shape      [2] int in device memory: tokens, sequences
 *   out        [tokens, hidden] of T; attention_any_first_*: [sequences, hidden] of float; stride in values
 *
 * Requires (checked by the host): 1 <= width <= 1024; strides at least 3 hidden and hidden; out overlaps nothing else.
 * Numerics: in float, online over steps of 32 keys in ascending order; exp(x) is expf. A score is one chain of fused multiply-adds, columns ascending. A result's bits
 * depend on its own sequence alone.
 *
 * Grid: x = ceil(bucket tokens / 4), or ceil(bucket sequences / 4) for first tokens; any other number gives the same. y = heads. Block: 128, a warp per head and query. Shared: 512 bytes, static. Compute capability 8.0.
 */

constexpr int QUERIES_PER_BLOCK = 4;
constexpr int MOST_COLUMNS = 1024 / WARP; // of a lane

/** The sequence that holds a row: the last that begins at it or before. */
__device__ __forceinline__ int sequenceOf(int row, const int* cuSeqlens, int sequences) {
  int low = 0;
  int high = sequences - 1;
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (cuSeqlens[middle] <= row) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** The greatest value over a warp's lanes, in all of them. */
__device__ __forceinline__ float greatest(float x) {
#pragma unroll
  for (int apart = WARP / 2; apart > 0; apart /= 2) {
    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, apart));
  }
  return x;
}

/** One query of one head by one warp; q, k and v are the head's in the query's, the first key's and the first value's row. For scores a lane is a key, for sums some columns. */
template <int COLUMNS, typename T, typename OUT>
__device__ __forceinline__ void attendRow(const T* q, const T* k, const T* v, int stride, int width, int length, OUT* out) {
  __shared__ float allWeights[QUERIES_PER_BLOCK][WARP];
  float* weights = allWeights[threadIdx.x / WARP];
  int lane = threadIdx.x % WARP;
  float scale = 1.0f / sqrtf(static_cast<float>(width));
  float sums[COLUMNS];
#pragma unroll
  for (int c = 0; c < COLUMNS; c++) {
    sums[c] = 0.0f;
  }
  float top = __uint_as_float(0xff800000u); // -infinity
  float total = 0.0f;                       // of this lane's weights
#pragma unroll 1
  for (int key = 0; key < length; key += WARP) {
    float score = __uint_as_float(0xff800000u);
    if (key + lane < length) {
      const T* row = k + static_cast<size_t>(key + lane) * stride;
      score = 0.0f;
#pragma unroll 1
      for (int column = 0; column < width; column++) {
        score = fmaf(widen(q[column]), widen(row[column]), score);
      }
      score *= scale;
    }
    float most = fmaxf(top, greatest(score));
    float factor = expf(top - most); // 0 in the first step
    float weight = expf(score - most);
    top = most;
    total = fmaf(total, factor, weight);
    __syncwarp(); // the weights of the step before have been read
    weights[lane] = weight;
    __syncwarp();
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      sums[c] *= factor;
    }
#pragma unroll 1
    for (int i = 0; i < min(WARP, length - key); i++) {
      const T* row = v + static_cast<size_t>(key + i) * stride;
#pragma unroll
      for (int c = 0; c < COLUMNS; c++) {
        int column = lane + c * WARP;
        sums[c] = column < width ? fmaf(weights[i], widen(row[column]), sums[c]) : 0.0f;
      }
    }
  }
  total = warpSum(total);
#pragma unroll
  for (int c = 0; c < COLUMNS; c++) {
    int column = lane + c * WARP;
    if (column < width) {
      out[column] = narrow<OUT>(sums[c] / total);
    }
  }
}

/** As few registers as the width allows: usual heads have at most 128 columns. */
template <typename T, typename OUT>
__device__ __forceinline__ void attendAny(
    const T* __restrict__ qkv, int stride, int width, int begin, int row, int length, OUT* __restrict__ out) {
  int hidden = gridDim.y * width;
  const T* head = qkv + static_cast<size_t>(begin) * stride + blockIdx.y * width;
  const T* q = qkv + static_cast<size_t>(row) * stride + blockIdx.y * width;
  OUT* to = out + blockIdx.y * width;
  if (width <= 4 * WARP) {
    attendRow<4>(q, head + hidden, head + 2 * hidden, stride, width, length, to);
  } else {
    attendRow<MOST_COLUMNS>(q, head + hidden, head + 2 * hidden, stride, width, length, to);
  }
}

template <typename T>
__device__ __forceinline__ void allTokens(const T* qkv, int stride, int width, const int* cuSeqlens, const int* shape, T* out, int outStride) {
  for (int row = blockIdx.x * QUERIES_PER_BLOCK + threadIdx.x / WARP; row < shape[0]; row += gridDim.x * QUERIES_PER_BLOCK) {
    int sequence = sequenceOf(row, cuSeqlens, shape[1]);
    int begin = cuSeqlens[sequence];
    attendAny(qkv, stride, width, begin, row, cuSeqlens[sequence + 1] - begin, out + static_cast<size_t>(row) * outStride);
  }
}

template <typename T>
__device__ __forceinline__ void firstTokens(const T* qkv, int stride, int width, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  for (int sequence = blockIdx.x * QUERIES_PER_BLOCK + threadIdx.x / WARP; sequence < shape[1]; sequence += gridDim.x * QUERIES_PER_BLOCK) {
    int begin = cuSeqlens[sequence];
    attendAny(qkv, stride, width, begin, begin, cuSeqlens[sequence + 1] - begin, out + static_cast<size_t>(sequence) * outStride);
  }
}

extern "C" __global__ void __launch_bounds__(QUERIES_PER_BLOCK* WARP) attention_any_f32(
    const float* qkv, int qkvStride, int width, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  allTokens(qkv, qkvStride, width, cuSeqlens, shape, out, outStride);
}

extern "C" __global__ void __launch_bounds__(QUERIES_PER_BLOCK* WARP) attention_any_bf16(
    const bf16* qkv, int qkvStride, int width, const int* cuSeqlens, const int* shape, bf16* out, int outStride) {
  allTokens(qkv, qkvStride, width, cuSeqlens, shape, out, outStride);
}

extern "C" __global__ void __launch_bounds__(QUERIES_PER_BLOCK* WARP) attention_any_first_f32(
    const float* qkv, int qkvStride, int width, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  firstTokens(qkv, qkvStride, width, cuSeqlens, shape, out, outStride);
}

extern "C" __global__ void __launch_bounds__(QUERIES_PER_BLOCK* WARP) attention_any_first_bf16_f32(
    const bf16* qkv, int qkvStride, int width, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  firstTokens(qkv, qkvStride, width, cuSeqlens, shape, out, outStride);
}
