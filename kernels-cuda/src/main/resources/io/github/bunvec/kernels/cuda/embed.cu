/*
 * embed_*:  out = LN((word[id] + tokenType) + position[p]) for every token
 *
 *   word       [words, width] of T         ids        [tokens] int, each in 0 .. words - 1
 *   position   [positions, width] of T     positions  [tokens] int, each in 0 .. positions - 1
 *   tokenType  [width] of T, row 0 of its table
 *   gamma, beta [width] float              out        [tokens, width] of T
 *   tokens     how many there are, one int in device memory
 *
 * Requires (checked by the host, ids and positions before they are copied): width >= 1; word, position, tokenType, gamma, beta and out on 16-byte borders,
 * strides (in values) multiples of 8 and at least width; out overlaps nothing else. Values between width and stride are left as they are.
 * Numerics: the sum is in float and not rounded to T before it is normalised; see normalizeRow.
 *
 * Grid: x = ceil(bucket tokens / 4). Block: 128, a warp per token. Shared: none. Compute capability 8.0.
 */

constexpr int ROWS_PER_BLOCK = 4;
constexpr int BLOCKS_PER_SM = 4; // of 128 registers a thread: all loads of a row in flight, no spill

template <typename T>
struct Tables {
  const T* word;
  int wordStride;
  const T* tokenType;
  const T* position;
  int positionStride;
};

template <typename T>
__device__ __forceinline__ void embed(
    Tables<T> tables, const int* __restrict__ ids, const int* __restrict__ positions, int width, Norm norm, T* __restrict__ out, int outStride, const int* tokens) {
  int row = blockIdx.x * ROWS_PER_BLOCK + threadIdx.x / WARP;
  if (row >= *tokens) {
    return;
  }
  const T* word = tables.word + static_cast<size_t>(ids[row]) * tables.wordStride;
  const T* position = tables.position + static_cast<size_t>(positions[row]) * tables.positionStride;
  const T* tokenType = tables.tokenType;
  auto sum = [word, tokenType, position](int column, int count, float (&s)[CHUNK<T>]) {
    float t[CHUNK<T>];
    float p[CHUNK<T>];
    loadChunk(word + column, count, s);
    loadChunk(tokenType + column, count, t);
    loadChunk(position + column, count, p);
#pragma unroll
    for (int i = 0; i < CHUNK<T>; i++) {
      s[i] = (s[i] + t[i]) + p[i];
    }
  };
  normalizeRow(sum, width, norm, out + static_cast<size_t>(row) * outStride);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM) embed_f32(
    const float* word, int wordStride, const float* tokenType, const float* position, int positionStride, const int* ids, const int* positions, int width,
    const float* gamma, const float* beta, float eps, float* out, int outStride, const int* tokens) {
  Tables<float> tables{word, wordStride, tokenType, position, positionStride};
  embed(tables, ids, positions, width, Norm{gamma, beta, eps}, out, outStride, tokens);
}

extern "C" __global__ void __launch_bounds__(ROWS_PER_BLOCK* WARP, BLOCKS_PER_SM) embed_bf16(
    const bf16* word, int wordStride, const bf16* tokenType, const bf16* position, int positionStride, const int* ids, const int* positions, int width,
    const float* gamma, const float* beta, float eps, bf16* out, int outStride, const int* tokens) {
  Tables<bf16> tables{word, wordStride, tokenType, position, positionStride};
  embed(tables, ids, positions, width, Norm{gamma, beta, eps}, out, outStride, tokens);
}
