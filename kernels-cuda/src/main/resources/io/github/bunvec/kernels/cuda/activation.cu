/*
 * activation_*:  x = act(x + bias), in place
 *
 *   x           [rows, columns] of T, stride in values
 *   bias        [columns] float, or null for none
 *   activation  a constant of enum Activation, the same for the whole grid
 *   rows        how many rows there are, one int in device memory
 *
 * Requires (checked by the host): columns >= 1; x and bias on 16-byte borders, stride a multiple of 8 and at least columns. Values between columns and
 * stride are left as they are.
 * Numerics: in float, rounded to T once; absolute error at most 1e-6 max(1, |result|) plus that rounding. A NaN stays one.
 *
 * Grid: x = ceil(bucket rows / 4), y = ceil(columns / (128 CHUNK<T>)), that is 512 columns of float or 1024 of bf16. Block: 128; a thread has a chunk of columns and four
 * rows, one after another: its bias is loaded once. Shared: none. Compute capability 8.0.
 */

constexpr int BLOCK = 128;
constexpr int ROWS_PER_BLOCK = 4;

/** In the order of io.github.bunvec.engine.spi.Activation, which has the definitions. */
enum Activation {
  NONE,
  GELU,
  GELU_TANH,
  QUICK_GELU,
  RELU,
  SILU,
  TANH,
  RELU6,
  LEAKY_RELU,
  RRELU,
  ELU,
  SELU,
  MISH,
  SIGMOID,
  LOG_SIGMOID,
  TANHSHRINK,
  SOFTPLUS,
  SOFTSIGN,
  SOFTSHRINK,
  HARDSHRINK,
  HARDTANH,
  HARDSIGMOID,
  HARDSWISH
};

/** Not by fminf and fmaxf, which drop NaNs. */
__device__ __forceinline__ float clamp(float x, float least, float most) { return x < least ? least : x > most ? most : x; }

/** log(1 + exp(x)) without overflow; a NaN comes through the logarithm. */
__device__ __forceinline__ float softplus(float x) { return fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))); }

template <Activation A>
__device__ __forceinline__ float activate(float x) {
  if constexpr (A == GELU) {
    return 0.5f * x * (1.0f + erff(x * 0.707106781f));
  } else if constexpr (A == GELU_TANH) {
    return 0.5f * x * (1.0f + tanhf(0.797884561f * fmaf(0.044715f * x * x, x, x)));
  } else if constexpr (A == QUICK_GELU) {
    return x / (1.0f + expf(-1.702f * x));
  } else if constexpr (A == RELU) {
    return x < 0.0f ? 0.0f : x;
  } else if constexpr (A == SILU) {
    return x / (1.0f + expf(-x));
  } else if constexpr (A == TANH) {
    return tanhf(x);
  } else if constexpr (A == RELU6) {
    return clamp(x, 0.0f, 6.0f);
  } else if constexpr (A == LEAKY_RELU) {
    return x > 0.0f ? x : 0.01f * x;
  } else if constexpr (A == RRELU) {
    return x > 0.0f ? x : 0.229166667f * x;
  } else if constexpr (A == ELU) {
    return x > 0.0f ? x : expm1f(x);
  } else if constexpr (A == SELU) {
    return 1.050700987f * (x > 0.0f ? x : 1.673263242f * expm1f(x));
  } else if constexpr (A == MISH) {
    return x * tanhf(softplus(x));
  } else if constexpr (A == SIGMOID) {
    return 1.0f / (1.0f + expf(-x));
  } else if constexpr (A == LOG_SIGMOID) {
    return -softplus(-x);
  } else if constexpr (A == TANHSHRINK) {
    return x - tanhf(x);
  } else if constexpr (A == SOFTPLUS) {
    return x > 20.0f ? x : softplus(x);
  } else if constexpr (A == SOFTSIGN) {
    return x / (1.0f + fabsf(x));
  } else if constexpr (A == SOFTSHRINK) {
    return fabsf(x) <= 0.5f ? 0.0f : x - copysignf(0.5f, x);
  } else if constexpr (A == HARDSHRINK) {
    return fabsf(x) <= 0.5f ? 0.0f : x;
  } else if constexpr (A == HARDTANH) {
    return clamp(x, -1.0f, 1.0f);
  } else if constexpr (A == HARDSIGMOID) {
    return clamp(x / 6.0f + 0.5f, 0.0f, 1.0f);
  } else if constexpr (A == HARDSWISH) {
    return x * clamp(x / 6.0f + 0.5f, 0.0f, 1.0f);
  } else {
    return x;
  }
}

/** Applies the activation with the given number, one of A and those behind it. */
template <int A, int V>
__device__ __forceinline__ void activateChunk(int activation, float (&x)[V]) {
  if (activation == A) {
#pragma unroll
    for (int i = 0; i < V; i++) {
      x[i] = activate<static_cast<Activation>(A)>(x[i]);
    }
  } else if constexpr (A < HARDSWISH) {
    activateChunk<A + 1>(activation, x);
  }
}

template <typename T>
__device__ __forceinline__ void activation(T* x, int stride, int columns, const float* __restrict__ bias, int activation, const int* rows) {
  constexpr int V = CHUNK<T>;
  int first = blockIdx.x * ROWS_PER_BLOCK;
  int last = min(first + ROWS_PER_BLOCK, *rows);
  int column = (blockIdx.y * BLOCK + threadIdx.x) * V;
  int count = columns - column;
  if (count <= 0) {
    return;
  }
  float b[V] = {};
  if (bias != nullptr) {
    loadChunk(bias + column, count, b);
  }
#pragma unroll 1 // the code of all activations, once
  for (int row = first; row < last; row++) {
    T* at = x + static_cast<size_t>(row) * stride + column;
    float v[V];
    loadChunk(at, count, v);
#pragma unroll
    for (int i = 0; i < V; i++) {
      v[i] += b[i];
    }
    activateChunk<NONE>(activation, v);
    storeChunk(at, count, v);
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    activation_f32(float* x, int stride, int columns, const float* bias, int activationNumber, const int* rows) {
  activation(x, stride, columns, bias, activationNumber, rows);
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    activation_bf16(bf16* x, int stride, int columns, const float* bias, int activationNumber, const int* rows) {
  activation(x, stride, columns, bias, activationNumber, rows);
}
