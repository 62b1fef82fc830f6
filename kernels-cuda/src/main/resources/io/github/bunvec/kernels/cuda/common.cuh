/*
 * What the kernels share. The host puts this text in front of a kernel's source; nothing is included.
 *
 * Element type T of a row is float or bf16. 16 bytes of it are a chunk: CHUNK<T> values, what a thread loads and stores at once. A matrix has its row 0 on
 * a 16-byte border and a stride of a multiple of 8 values, so that every row and every chunk begins on one; the last chunk of a row whose width is no
 * multiple of CHUNK<T> is read and written value by value, and what lies between width and stride is never touched.
 *
 * Numerics: all arithmetic in float. Compiled with --fmad=false, so that products and sums are fused where fmaf is written and nowhere else, and without
 * --use_fast_math: division and sqrtf are correctly rounded; of the functions the CUDA C++ Programming Guide states at most 2 ulp for erff and tanhf and 1 for
 * expf, expm1f and log1pf.
 *
 * Grid: kernels read the number of rows from device memory, because a captured graph serves every batch of its bucket; the grid covers the bucket, and
 * what lies behind the rows returns at once. A row's bits depend on that row alone.
 */

/** Bits of a bfloat16: the upper half of a float's. */
typedef unsigned short bf16;

constexpr int WARP = 32;
constexpr unsigned ALL_LANES = 0xffffffffu;

/** Values of T in 16 bytes. */
template <typename T>
constexpr int CHUNK = 16 / static_cast<int>(sizeof(T));

// ---- conversions ----

__device__ __forceinline__ float widen(float x) { return x; }

__device__ __forceinline__ float widen(bf16 x) { return __uint_as_float(static_cast<unsigned>(x) << 16); }

/** Rounds to nearest, ties to even; a NaN stays one. */
template <typename T>
__device__ __forceinline__ T narrow(float x);

template <>
__device__ __forceinline__ float narrow<float>(float x) {
  return x;
}

template <>
__device__ __forceinline__ bf16 narrow<bf16>(float x) {
  unsigned bits = __float_as_uint(x);
  // Half of the last place that stays, less one for an even one: a carry rounds up, into infinity, too. It would turn some NaNs into infinity or 0.
  unsigned rounded = bits + 0x7fffu + (bits >> 16 & 1u);
  return static_cast<bf16>((x != x ? bits | 0x400000u : rounded) >> 16);
}

#ifndef CUDA_ON_CPU // which has a twin of it
/** Two bf16 in a word, the first in its lower half; rounded as narrow() does, but that any NaN becomes 0x7fff. */
__device__ __forceinline__ unsigned packPair(float first, float second) {
  unsigned pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
  return pair;
}
#endif

// ---- chunks ----

/** Loads a whole chunk; p on a 16-byte border. */
__device__ __forceinline__ void loadChunk(const float* p, float (&x)[4]) {
  float4 v = *reinterpret_cast<const float4*>(p);
  x[0] = v.x;
  x[1] = v.y;
  x[2] = v.z;
  x[3] = v.w;
}

__device__ __forceinline__ void loadChunk(const bf16* p, float (&x)[8]) {
  uint4 v = *reinterpret_cast<const uint4*>(p);
  const unsigned words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    x[2 * i] = __uint_as_float(words[i] << 16);
    x[2 * i + 1] = __uint_as_float(words[i] & 0xffff0000u);
  }
}

/** Eight floats of a vector that goes with chunks of bf16: a bias, gamma or beta. */
__device__ __forceinline__ void loadChunk(const float* p, float (&x)[8]) {
  float4 v = *reinterpret_cast<const float4*>(p);
  float4 w = *reinterpret_cast<const float4*>(p + 4);
  x[0] = v.x;
  x[1] = v.y;
  x[2] = v.z;
  x[3] = v.w;
  x[4] = w.x;
  x[5] = w.y;
  x[6] = w.z;
  x[7] = w.w;
}

/** Stores a whole chunk; p on a 16-byte border. */
__device__ __forceinline__ void storeChunk(float* p, const float (&x)[4]) {
  *reinterpret_cast<float4*>(p) = make_float4(x[0], x[1], x[2], x[3]);
}

__device__ __forceinline__ void storeChunk(bf16* p, const float (&x)[8]) {
  *reinterpret_cast<uint4*>(p) = make_uint4(packPair(x[0], x[1]), packPair(x[2], x[3]), packPair(x[4], x[5]), packPair(x[6], x[7]));
}

/** Eight floats beside a chunk of bf16. */
__device__ __forceinline__ void storeChunk(float* p, const float (&x)[8]) {
  *reinterpret_cast<float4*>(p) = make_float4(x[0], x[1], x[2], x[3]);
  *reinterpret_cast<float4*>(p + 4) = make_float4(x[4], x[5], x[6], x[7]);
}

/** Loads the first count values of a chunk, all of it where count is V or more; the others become 0. */
template <typename T, int V>
__device__ __forceinline__ void loadChunk(const T* p, int count, float (&x)[V]) {
  if (count >= V) {
    loadChunk(p, x);
    return;
  }
#pragma unroll
  for (int i = 0; i < V; i++) {
    x[i] = i < count ? widen(p[i]) : 0.0f;
  }
}

/** Stores the first count values of a chunk, all of it where count is V or more. */
template <typename T, int V>
__device__ __forceinline__ void storeChunk(T* p, int count, const float (&x)[V]) {
  if (count >= V) {
    storeChunk(p, x);
    return;
  }
#pragma unroll
  for (int i = 0; i < V; i++) {
    if (i < count) {
      p[i] = narrow<T>(x[i]);
    }
  }
}

// ---- over a warp ----

/** The sum over a warp's lanes, in all of them: a tree over lanes 16, 8, 4, 2 and 1 apart, the same bits in each since addition commutes. */
__device__ __forceinline__ float warpSum(float x) {
#pragma unroll
  for (int apart = WARP / 2; apart > 0; apart /= 2) {
    x += __shfl_xor_sync(ALL_LANES, x, apart);
  }
  return x;
}

// ---- layer normalisation of a row by a warp ----

/** Chunks of a row that a lane keeps in registers, 32 values: rows of up to 1024 are read once. */
template <typename T>
constexpr int KEPT = 32 / CHUNK<T>;

/** What a row is normalised with; gamma and beta [width], on 16-byte borders. */
struct Norm {
  const float* gamma;
  const float* beta;
  float eps;
};

/** y = (x - mean) scale gamma + beta of one chunk, stored. */
template <typename T, int V>
__device__ __forceinline__ void storeNormalized(
    const float (&x)[V], float mean, float scale, Norm norm, int column, int count, T* out) {
  float gamma[V];
  float beta[V];
  float y[V];
  loadChunk(norm.gamma + column, count, gamma);
  loadChunk(norm.beta + column, count, beta);
#pragma unroll
  for (int i = 0; i < V; i++) {
    y[i] = fmaf((x[i] - mean) * scale, gamma[i], beta[i]);
  }
  storeChunk(out + column, count, y);
}

/** Of a row of whole chunks, at most KEPT<T> a lane: kept in registers. */
template <typename T, typename Source>
__device__ __forceinline__ void normalizeKept(Source source, int width, Norm norm, T* out) {
  constexpr int V = CHUNK<T>;
  int first = threadIdx.x % WARP * V;
  float x[KEPT<T>][V];
  float sum = 0.0f;
#pragma unroll
  for (int k = 0; k < KEPT<T>; k++) {
    int column = first + k * WARP * V;
    if (column < width) {
      source(column, V, x[k]);
#pragma unroll
      for (int i = 0; i < V; i++) {
        sum += x[k][i];
      }
    }
  }
  float mean = warpSum(sum) / static_cast<float>(width);
  float squares = 0.0f;
#pragma unroll
  for (int k = 0; k < KEPT<T>; k++) {
    if (first + k * WARP * V < width) {
#pragma unroll
      for (int i = 0; i < V; i++) {
        float d = x[k][i] - mean;
        squares = fmaf(d, d, squares);
      }
    }
  }
  float scale = 1.0f / sqrtf(warpSum(squares) / static_cast<float>(width) + norm.eps);
#pragma unroll
  for (int k = 0; k < KEPT<T>; k++) {
    int column = first + k * WARP * V;
    if (column < width) {
      storeNormalized(x[k], mean, scale, norm, column, V, out);
    }
  }
}

/** Of any row: taken from the source three times. */
template <typename T, typename Source>
__device__ __forceinline__ void normalizeAny(Source source, int width, Norm norm, T* out) {
  constexpr int V = CHUNK<T>;
  int first = threadIdx.x % WARP * V;
  float x[V];
  float sum = 0.0f;
#pragma unroll 1
  for (int column = first; column < width; column += WARP * V) {
    source(column, width - column, x); // 0 behind the row
#pragma unroll
    for (int i = 0; i < V; i++) {
      sum += x[i];
    }
  }
  float mean = warpSum(sum) / static_cast<float>(width);
  float squares = 0.0f;
#pragma unroll 1
  for (int column = first; column < width; column += WARP * V) {
    source(column, width - column, x);
#pragma unroll
    for (int i = 0; i < V; i++) {
      float d = x[i] - mean;
      squares = column + i < width ? fmaf(d, d, squares) : squares;
    }
  }
  float scale = 1.0f / sqrtf(warpSum(squares) / static_cast<float>(width) + norm.eps);
#pragma unroll 1
  for (int column = first; column < width; column += WARP * V) {
    source(column, width - column, x);
    storeNormalized(x, mean, scale, norm, column, width - column, out);
  }
}

/**
 * out = LN(x) of one row by one warp, all of whose lanes call it: mean, then the mean of squared distances from it, each in one chain per lane (columns
 * ascending) and warpSum; both ways below give the same bits.
 *
 * source(column, count, x) gives the chunk at a column, of which count values or more are in the row and the others are 0. A lane stores the chunks it takes, each
 * behind its last reading, so that out may be where the source reads.
 */
template <typename T, typename Source>
__device__ __forceinline__ void normalizeRow(Source source, int width, Norm norm, T* out) {
  if (width % CHUNK<T> == 0 && width <= WARP * KEPT<T> * CHUNK<T>) {
    normalizeKept(source, width, norm, out);
  } else {
    normalizeAny(source, width, norm, out);
  }
}
