/*
 * attention_*:        out[i] = sum_j softmax_j(q_i . k_j / sqrt(WIDTH)) v_j      for every head, i and j within one sequence
 * attention_first_*:  the same for the first token of each sequence alone
 *
 *   qkv        [tokens, 3 hidden] of T, stride in values: query, key and value side by side, heads consecutive in each; hidden = heads * WIDTH
 *   cuSeqlens  [sequences + 1] int: sequence s is rows cuSeqlens[s] .. cuSeqlens[s + 1] - 1, at least one
 *   shape      [2] int in device memory: tokens, sequences
 *   out        [tokens, hidden] of T; attention_first_*: [sequences, hidden] of float
 *
 * Entry points: attention_WIDTH_f32, attention_WIDTH_bf16, attention_first_WIDTH_f32, attention_first_WIDTH_bf16_f32; WIDTH is 32, 64 or 128.
 *
 * Requires (checked by the host): heads >= 1; qkv and out on 16-byte borders, strides multiples of 8; out overlaps nothing else. Values between width and
 * stride are neither read nor written.
 * Numerics: scores, maxima and sums in float, online over tiles of keys in ascending order, so that any length works. exp(x) is exp2f(x log2 e), the scale
 * folded in: a weight of 2^-t has a relative error of at most (t + 3) 2^-23, beside that of its score. BF16: products are exact and summed in float by the
 * matrix units; a weight is rounded to bf16 before it multiplies its value, and the sum is that of rounded weights, so that they add up to 1; out is rounded
 * once. A result's bits depend on its own sequence alone: tiles of queries and of keys are counted from the sequence's first row.
 *
 * Grid: x = ceil((bucket tokens / 16 + bucket sequences) / 4), or ceil(bucket sequences / 4) for first tokens: a tile for each warp. Any other number gives the
 * same bits; a warp then takes several tiles, or none. y = heads. Block: 128, a warp per head and tile of 16 queries. Shared: static, f32 alone, up to 40 KB.
 * Compute capability 8.0.
 */

constexpr int BLOCK = 128;
constexpr int WARPS = BLOCK / WARP;
constexpr int QUERIES = 16; // of a tile
__device__ __forceinline__ float minusInfinity() { return __uint_as_float(0xff800000u); }

/** Queries first .. first + QUERIES of the sequence that is rows begin .. begin + length. */
struct Tile {
  int begin, length, first;
};

__device__ __forceinline__ Tile tileOf(int sequence, int first, const int* __restrict__ cuSeqlens) {
  int begin = __ldg(cuSeqlens + sequence);
  return Tile{begin, __ldg(cuSeqlens + sequence + 1) - begin, first};
}

/**
 * Finds a tile by its number, below tokens / 16 + sequences. Sequence s has those from cuSeqlens[s] / 16 + s on: as many as it needs, or one more, whose queries
 * lie behind its end. So no list has to be made for a batch, and few sequences still fill a GPU, which a block for each would not. All lanes probe at once:
 * two rounds of loads for up to 1024 sequences, where one lane's binary search would wait for ten.
 */
__device__ __forceinline__ Tile findTile(int number, const int* __restrict__ cuSeqlens, int sequences) {
  int sequence = 0;
  int end = sequences;
  while (end - sequence > 1) {
    int step = (end - sequence + WARP - 1) / WARP;
    int probe = sequence + static_cast<int>(threadIdx.x % WARP) * step;
    bool begun = probe < end && __ldg(cuSeqlens + probe) / QUERIES + probe <= number;
    sequence += (__popc(__ballot_sync(ALL_LANES, begun)) - 1) * step; // lane 0's has always begun
    end = min(end, sequence + step);
  }
  return tileOf(sequence, (number - __ldg(cuSeqlens + sequence) / QUERIES - sequence) * QUERIES, cuSeqlens);
}

/** log2 e / sqrt(width): what scores are multiplied by. */
template <int WIDTH>
constexpr float SCALE = WIDTH == 32 ? 0.255034862f : WIDTH == 64 ? 0.18033688f : 0.127517431f;

// ---- BF16 ----
// A warp reads queries, keys and values straight into the registers that the matrix units want: no shared memory, no barrier, loads and stores of 16 bytes. Two
// freedoms make that possible. A dot product may take its terms in any order, if both sides agree; and the columns of a product may stand in any order, if the
// result is stored so. With lane = 4 group + part, as in the PTX ISA's figures of mma.m16n8k16:
//   q, k   a lane has chunks (8 values) part, part + 4, .. of rows group and group + 8 of q, of row group of 8 keys; a chunk serves the k of two instructions
//   v      a lane has the group-th slice of 8 values (4 where WIDTH is 32; of either half of the row where it is 128) of keys 2 part, 2 part + 1, 2 part + 8
//          and 2 part + 9; value j of a slice is column `group` of instruction j
// Warps of a block have neighbouring tiles of one head: the first reads keys and values from L2, the others find them in L1. Sequences of 8 to 64 tokens are one
// or two steps of a loop; beyond some hundred it would pay to keep keys and values in shared memory for more queries than 16.

#ifndef CUDA_ON_CPU // which has a twin of it

/** d += a b: a [16, 16] and b [16, 8] of bf16, d [16, 8] of float. */
__device__ __forceinline__ void multiplyAdd(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

#endif

template <typename OUT, int N>
__device__ __forceinline__ void storeSlice(OUT* p, const float (&x)[N]) {
  if constexpr (sizeof(OUT) == sizeof(float)) {
    storeChunk(p, x);
  } else if constexpr (N == 4) {
    *reinterpret_cast<uint2*>(p) = make_uint2(packPair(x[0], x[1]), packPair(x[2], x[3]));
  } else {
    *reinterpret_cast<uint4*>(p) = make_uint4(packPair(x[0], x[1]), packPair(x[2], x[3]), packPair(x[4], x[5]), packPair(x[6], x[7]));
  }
}

/** A lane's part of 16 queries' attention: elements 0, 1 of s and out are of row group, 2, 3 of row group + 8, as are [0] and [1] of q, top and sum. */
template <int WIDTH>
struct Bf16Attention {
  static constexpr int KEYS = WIDTH == 128 ? 16 : 32; // of a step: what registers hold beside the rest
  static constexpr int CHUNKS = WIDTH / 32;
  static constexpr int WORDS = WIDTH / 16;
  static constexpr int COLUMNS = WIDTH / 8; // groups of 8

  const bf16* __restrict__ qkv; // the head's columns from the sequence's first row on
  int stride, hidden, length;
  int group, part; // of the lane
  uint4 q[2][CHUNKS];
  uint4 k[KEYS / 8][CHUNKS];
  unsigned v[KEYS / 4][WORDS];
  float s[KEYS / 8][4];
  float out[COLUMNS][4];
  float top[2]; // greatest score, scaled
  float sum[2]; // of this lane's weights

  /** 8 or 16 bytes of a row; behind the sequence of its last one, without a branch: what becomes of it has the weight 0 or is not stored. */
  template <typename V>
  __device__ __forceinline__ V load(int row, int column) const {
    return __ldg(reinterpret_cast<const V*>(qkv + static_cast<size_t>(min(row, length - 1)) * stride + column));
  }

  __device__ __forceinline__ void loadQueries(int first) {
#pragma unroll
    for (int c = 0; c < CHUNKS; c++) {
      q[0][c] = load<uint4>(first + group, 8 * (4 * c + part));
      q[1][c] = load<uint4>(first + group + 8, 8 * (4 * c + part));
    }
  }

  __device__ __forceinline__ void loadKeys(int first) {
#pragma unroll
    for (int i = 0; i < KEYS / 8 * CHUNKS; i++) {
      k[i / CHUNKS][i % CHUNKS] = load<uint4>(first + i / CHUNKS * 8 + group, hidden + 8 * (i % CHUNKS * 4 + part));
    }
  }

  /** v[4 t .. 4 t + 3] are of keys 2 part, 2 part + 1, 2 part + 8 and 2 part + 9 of the t-th 16. */
  __device__ __forceinline__ void loadValues(int first) {
#pragma unroll
    for (int i = 0; i < KEYS / 4; i++) {
      int key = first + i / 2 * 8 + i % 2 + 2 * part;
      if constexpr (WIDTH == 32) {
        uint2 x = load<uint2>(key, 2 * hidden + 4 * group);
        v[i][0] = x.x;
        v[i][1] = x.y;
      } else {
        for (int w = 0; w < WORDS; w += 4) {
          uint4 x = load<uint4>(key, 2 * hidden + 16 * w + 8 * group);
          v[i][w] = x.x;
          v[i][w + 1] = x.y;
          v[i][w + 2] = x.z;
          v[i][w + 3] = x.w;
        }
      }
    }
  }

  /** Scores of this step's keys, of which there are `keys`; -infinity behind them. */
  __device__ __forceinline__ void score(int keys) {
#pragma unroll
    for (int t = 0; t < KEYS / 8; t++) {
      s[t][0] = s[t][1] = s[t][2] = s[t][3] = 0.0f;
      if (8 * t < keys) {
#pragma unroll
        for (int c = 0; c < CHUNKS; c++) {
          multiplyAdd(s[t], {q[0][c].x, q[1][c].x, q[0][c].y, q[1][c].y}, k[t][c].x, k[t][c].y);
          multiplyAdd(s[t], {q[0][c].z, q[1][c].z, q[0][c].w, q[1][c].w}, k[t][c].z, k[t][c].w);
        }
      }
      for (int e = 0; e < 4; e++) {
        s[t][e] = 8 * t + 2 * part + e % 2 < keys ? s[t][e] : minusInfinity();
      }
    }
  }

  /** Raises row group + 8 r to this step's greatest score: what has been summed shrinks by as much. */
  __device__ __forceinline__ void raise(int r) {
    float most = minusInfinity();
#pragma unroll
    for (int t = 0; t < KEYS / 8; t++) {
      most = fmaxf(most, fmaxf(s[t][2 * r], s[t][2 * r + 1]));
    }
    most = fmaxf(most, __shfl_xor_sync(ALL_LANES, most, 1));
    most = fmaxf(most, __shfl_xor_sync(ALL_LANES, most, 2));
    most = fmaxf(top[r], most * SCALE<WIDTH>);
    float factor = exp2f(top[r] - most); // 0 in the first step
    top[r] = most;
    sum[r] *= factor;
#pragma unroll
    for (int j = 0; j < COLUMNS; j++) {
      out[j][2 * r] *= factor;
      out[j][2 * r + 1] *= factor;
    }
  }

  /** Weights of two keys for row group + 8 r, rounded; adds them to its sum as they are now. */
  __device__ __forceinline__ unsigned weigh(int t, int r) {
    float first = exp2f(fmaf(s[t][2 * r], SCALE<WIDTH>, -top[r]));
    float second = exp2f(fmaf(s[t][2 * r + 1], SCALE<WIDTH>, -top[r]));
    unsigned pair = packPair(first, second);
    sum[r] += __uint_as_float(pair << 16) + __uint_as_float(pair & 0xffff0000u);
    return pair;
  }

  __device__ __forceinline__ void addValues(int keys) {
#pragma unroll
    for (int t = 0; t < KEYS / 16; t++) {
      if (16 * t < keys) {
        const unsigned weights[4] = {weigh(2 * t, 0), weigh(2 * t, 1), weigh(2 * t + 1, 0), weigh(2 * t + 1, 1)};
#pragma unroll
        for (int i = 0; i < WORDS; i++) {
          unsigned x0 = v[4 * t][i], x1 = v[4 * t + 1][i], x8 = v[4 * t + 2][i], x9 = v[4 * t + 3][i];
          multiplyAdd(out[2 * i], weights, __byte_perm(x0, x1, 0x5410), __byte_perm(x8, x9, 0x5410)); // lower halves
          multiplyAdd(out[2 * i + 1], weights, __byte_perm(x0, x1, 0x7632), __byte_perm(x8, x9, 0x7632));
        }
      }
    }
  }

  /** Divides row group + 8 r by its sum of weights and, if it is real, stores it: two slices side by side, in either half of the row where WIDTH is 128. */
  template <typename OUT>
  __device__ __forceinline__ void store(int r, bool real, OUT* to) const {
    constexpr int SLICE = WIDTH == 32 ? 4 : 8;
    float total = sum[r] + __shfl_xor_sync(ALL_LANES, sum[r], 1);
    float factor = 1.0f / (total + __shfl_xor_sync(ALL_LANES, total, 2));
    if (!real) {
      return;
    }
#pragma unroll
    for (int i = 0; i < 2 * COLUMNS / SLICE; i++) {
      float x[SLICE];
      for (int j = 0; j < SLICE; j++) {
        x[j] = out[i / 2 * SLICE + j][2 * r + i % 2] * factor;
      }
      storeSlice(to + i / 2 * 64 + (2 * part + i % 2) * SLICE, x);
    }
  }
};

/** The first ROWS queries of a tile; out is where the first of them goes. */
template <int WIDTH, int ROWS, typename OUT>
__device__ __forceinline__ void attendTile(const bf16* __restrict__ qkv, int stride, Tile tile, OUT* __restrict__ out, size_t outStride) {
  int lane = threadIdx.x % WARP;
  int hidden = gridDim.y * WIDTH;
  Bf16Attention<WIDTH> a{qkv + static_cast<size_t>(tile.begin) * stride + blockIdx.y * WIDTH, stride, hidden, tile.length, lane / 4, lane % 4};
  a.top[0] = a.top[1] = minusInfinity();
  a.loadQueries(tile.first);
  a.loadKeys(0);
#pragma unroll 1
  for (int key = 0; key < tile.length; key += a.KEYS) {
    a.loadValues(key); // under way while scores are computed, as the next keys are during the rest
    a.score(tile.length - key);
    if (key + a.KEYS < tile.length) {
      a.loadKeys(key + a.KEYS);
    }
    a.raise(0);
    a.raise(1);
    a.addValues(tile.length - key);
  }
  int rows = min(ROWS, tile.length - tile.first);
  OUT* to = out + blockIdx.y * WIDTH + a.group * outStride;
  a.store(0, a.group < rows, to);
  a.store(1, a.group + 8 < rows, to + 8 * outStride);
}

// ---- FP32 ----

/** The greatest value over a warp's lanes, in all of them. */
__device__ __forceinline__ float greatest(float x) {
#pragma unroll
  for (int apart = WARP / 2; apart > 0; apart /= 2) {
    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, apart));
  }
  return x;
}

/** Scores of ROWS queries and this lane's key; -infinity where it is not real. */
template <int WIDTH, int ROWS>
__device__ __forceinline__ void scoreKey(const float4 (&queries)[ROWS][WIDTH / 4], const float* key, bool real, float (&s)[ROWS]) {
  for (int row = 0; row < ROWS; row++) {
    s[row] = real ? 0.0f : minusInfinity();
  }
#pragma unroll 2
  for (int c = 0; c < WIDTH / 4; c++) {
    float4 k = real ? __ldg(reinterpret_cast<const float4*>(key) + c) : float4{};
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
      float4 q = queries[row][c];
      s[row] = fmaf(q.w, k.w, fmaf(q.z, k.z, fmaf(q.y, k.y, fmaf(q.x, k.x, s[row]))));
    }
  }
}

/** Adds the values of this step's keys, of which there are `keys`, in this lane's columns lane, lane + 32, ..; `values` is the first of the first key. */
template <int ROWS, int COLUMNS>
__device__ __forceinline__ void addValues(
    const float4 (&weights)[ROWS][WARP / 4], const float* values, size_t stride, int keys, float (&out)[ROWS][COLUMNS]) {
#pragma unroll 1
  for (int key = 0; key < min(keys, WARP); key += 4) {
    float v[4][COLUMNS];
#pragma unroll
    for (int i = 0; i < 4 * COLUMNS; i++) {
      int row = key + i / COLUMNS;
      v[i / COLUMNS][i % COLUMNS] = row < keys ? __ldg(values + row * stride + i % COLUMNS * WARP) : 0.0f;
    }
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
      float4 w = weights[row][key / 4];
      for (int i = 0; i < COLUMNS; i++) {
        out[row][i] = fmaf(w.w, v[3][i], fmaf(w.z, v[2][i], fmaf(w.y, v[1][i], fmaf(w.x, v[0][i], out[row][i]))));
      }
    }
  }
}

/** By plain FMA: a lane is a key for scores, a few columns for sums. All lanes read the same 16 bytes of queries or weights in shared memory at once. */
template <int WIDTH, int ROWS>
__device__ __forceinline__ void attendTile(const float* __restrict__ qkv, size_t stride, Tile tile, float* __restrict__ out, size_t outStride) {
  constexpr int COLUMNS = WIDTH / WARP;
  __shared__ float4 allQueries[WARPS][ROWS][WIDTH / 4];
  __shared__ float4 allWeights[WARPS][ROWS][WARP / 4];
  auto& queries = allQueries[threadIdx.x / WARP];
  auto& weights = allWeights[threadIdx.x / WARP]; // [row][key of a step / 4]
  int lane = threadIdx.x % WARP;
  const float* head = qkv + tile.begin * stride + blockIdx.y * WIDTH;
  const float* keys = head + gridDim.y * WIDTH;
  const float* values = keys + gridDim.y * WIDTH;
  int rows = min(ROWS, tile.length - tile.first);
  for (int i = lane; i < ROWS * WIDTH / 4; i += WARP) {
    const float* q = head + (tile.first + i / (WIDTH / 4)) * stride + i % (WIDTH / 4) * 4;
    queries[i / (WIDTH / 4)][i % (WIDTH / 4)] = i / (WIDTH / 4) < rows ? __ldg(reinterpret_cast<const float4*>(q)) : float4{};
  }
  float s[ROWS];
  float sums[ROWS][COLUMNS] = {};
  float top[ROWS];        // greatest score, scaled
  float total[ROWS] = {}; // of this lane's weights
#pragma unroll 1
  for (int key = 0; key < tile.length; key += WARP) {
    __syncwarp(); // queries are there; the weights of the step before have been read
    scoreKey<WIDTH>(queries, keys + (key + lane) * stride, key + lane < tile.length, s);
#pragma unroll
    for (int row = 0; row < ROWS; row++) {
      float before = key == 0 ? minusInfinity() : top[row];
      float most = fmaxf(before, greatest(s[row]) * SCALE<WIDTH>);
      float factor = exp2f(before - most); // what has been summed shrinks as the greatest score grows
      float weight = exp2f(fmaf(s[row], SCALE<WIDTH>, -most));
      top[row] = most;
      total[row] = fmaf(total[row], factor, weight);
      for (int i = 0; i < COLUMNS; i++) {
        sums[row][i] *= factor;
      }
      reinterpret_cast<float*>(weights[row])[lane] = weight;
    }
    __syncwarp();
    addValues(weights, values + key * stride + lane, stride, tile.length - key, sums);
  }
  float* to = out + blockIdx.y * WIDTH + lane;
#pragma unroll
  for (int row = 0; row < ROWS; row++) {
    float factor = 1.0f / warpSum(total[row]);
    if (row < rows) {
      for (int i = 0; i < COLUMNS; i++) {
        to[row * outStride + i * WARP] = sums[row][i] * factor;
      }
    }
  }
}

/** All tiles of 16 queries, or the first query of every sequence where ROWS is 1. */
template <int WIDTH, int ROWS, typename T, typename OUT>
__device__ __forceinline__ void attend(const T* qkv, int stride, const int* __restrict__ cuSeqlens, const int* shape, OUT* out, int outStride) {
  int tiles = ROWS == 1 ? shape[1] : shape[0] / QUERIES + shape[1];
  for (int number = blockIdx.x * WARPS + threadIdx.x / WARP; number < tiles; number += gridDim.x * WARPS) {
    Tile tile = ROWS == 1 ? tileOf(number, 0, cuSeqlens) : findTile(number, cuSeqlens, shape[1]);
    if (tile.first < tile.length) {
      size_t row = ROWS == 1 ? number : tile.begin + tile.first;
      attendTile<WIDTH, ROWS>(qkv, stride, tile, out + row * outStride, outStride);
    }
  }
}

#define ENTRY(NAME, WIDTH, ROWS, IN, OUT, BLOCKS)                                                           \
  extern "C" __global__ void __launch_bounds__(BLOCK, BLOCKS)                                               \
      NAME(const IN* qkv, int qkvStride, const int* cuSeqlens, const int* shape, OUT* out, int outStride) { \
    attend<WIDTH, ROWS>(qkv, qkvStride, cuSeqlens, shape, out, outStride);                                  \
  }

/** The last number: blocks for a multiprocessor, as many as leave registers enough not to spill. */
#define ENTRIES(WIDTH, F32_BLOCKS, BF16_BLOCKS)                            \
  ENTRY(attention_##WIDTH##_f32, WIDTH, QUERIES, float, float, F32_BLOCKS) \
  ENTRY(attention_##WIDTH##_bf16, WIDTH, QUERIES, bf16, bf16, BF16_BLOCKS) \
  ENTRY(attention_first_##WIDTH##_f32, WIDTH, 1, float, float, 8)          \
  ENTRY(attention_first_##WIDTH##_bf16_f32, WIDTH, 1, bf16, float, BF16_BLOCKS)

ENTRIES(32, 3, 4)
ENTRIES(64, 3, 3)
ENTRIES(128, 2, 2)
