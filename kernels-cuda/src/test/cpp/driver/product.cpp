#include "product.h"

#include <math.h>
#include <string.h>

#include <algorithm>

namespace standin::lt {
namespace {

float get(uint64_t address, int64_t index, int type) {
  if (type == R_32F) {
    return reinterpret_cast<const float*>(address)[index];
  }
  uint32_t bits = static_cast<uint32_t>(reinterpret_cast<const uint16_t*>(address)[index]) << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

void put(uint64_t address, int64_t index, int type, float value) {
  if (type == R_32F) {
    reinterpret_cast<float*>(address)[index] = value;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint32_t nearest = isnan(value) ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1);
  reinterpret_cast<uint16_t*>(address)[index] = static_cast<uint16_t>(nearest >> 16);
}

/** To 10 bits of mantissa, halves away from zero, as cvt.rna.tf32. */
float tf32(float value) {
  if (!isfinite(value)) {
    return value;
  }
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = (bits + 0x1000) & ~0x1fffu;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/** op(matrix) [outer, inner] with outer the slower, in float, rounded if products are of TF32. */
std::vector<float> unpack(uint64_t address, const MatrixLayout& layout, bool columnsInside, bool narrow) {
  int64_t outer = columnsInside ? layout.rows : layout.cols;
  int64_t inner = columnsInside ? layout.cols : layout.rows;
  std::vector<float> values(outer * inner);
  for (int64_t i = 0; i < outer; i++) {
    for (int64_t j = 0; j < inner; j++) {
      float x = get(address, columnsInside ? j * layout.ld + i : i * layout.ld + j, layout.type);
      values[i * inner + j] = narrow ? tf32(x) : x;
    }
  }
  return values;
}

/** sums[i] += op(A)[i, k] b[k] for `count` values of k from `first` on. */
void add(const float* a, const float* b, int64_t rows, int64_t first, int64_t count, int64_t step, float* __restrict__ sums) {
  for (int64_t n = 0, k = first; n < count; n++, k += step) {
    const float* __restrict__ column = a + k * rows;
    float x = b[k];
    for (int64_t i = 0; i < rows; i++) {
      sums[i] = __builtin_fmaf(column[i], x, sums[i]);
    }
  }
}

/** One column of D before alpha. */
void sum(const Product& p, int algorithm, int64_t column, const float* a, const float* b, std::vector<float>& sums) {
  int64_t rows = p.d.rows;
  int64_t k = p.k();
  std::fill(sums.begin(), sums.end(), 0.0f);
  if (algorithm == SPLIT_K) {
    int64_t parts = 2 + p.m() % 3;
    std::vector<float> part(rows);
    for (int64_t i = 0; i < parts; i++) {
      std::fill(part.begin(), part.end(), 0.0f);
      add(a, b, rows, k * i / parts, k * (i + 1) / parts - k * i / parts, 1, part.data());
      for (int64_t j = 0; j < rows; j++) {
        sums[j] += part[j];
      }
    }
  } else if (algorithm == BACKWARDS || (algorithm == BY_PLACE && column >= PLACE)) {
    add(a, b, rows, k - 1, k, -1, sums.data());
  } else {
    add(a, b, rows, 0, k, 1, sums.data());
  }
}

/** The tanh form. */
float gelu(float x) { return 0.5f * x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x))); }

} // namespace

uint64_t bytesOf(int type) { return type == R_32F ? 4 : 2; }

uint64_t bytesOf(const MatrixLayout& layout) { return ((layout.cols - 1) * layout.ld + layout.rows) * bytesOf(layout.type); }

bool fits(const Product& p) {
  uint64_t n = p.transA == OP_N ? p.a.rows : p.a.cols;
  uint64_t m = p.transB == OP_N ? p.b.cols : p.b.rows;
  uint64_t k = p.transB == OP_N ? p.b.rows : p.b.cols;
  return p.d.rows == n && p.d.cols == m && k == static_cast<uint64_t>(p.k()) && p.c.rows == n && p.c.cols == m;
}

bool hasTypes(const Product& p) {
  bool in = p.a.type == p.b.type && (p.a.type == R_32F || p.a.type == R_16BF);
  bool out = p.c.type == p.d.type && (p.d.type == R_32F || p.d.type == p.a.type);
  bool compute = p.compute == COMPUTE_32F || (p.compute == COMPUTE_32F_FAST_TF32 && p.a.type == R_32F);
  return in && out && compute;
}

void compute(const Product& p, int algorithm, float alpha, uint64_t a, uint64_t b, float beta, uint64_t c, uint64_t d) {
  int64_t rows = p.d.rows;
  bool narrow = p.compute == COMPUTE_32F_FAST_TF32;
  std::vector<float> left = unpack(a, p.a, p.transA == OP_T, narrow); // [k, rows]
  std::vector<float> right = unpack(b, p.b, p.transB == OP_T, narrow); // [m, k]
  std::vector<float> sums(rows);
  for (int64_t j = 0; j < p.m(); j++) {
    sum(p, algorithm, j, left.data(), right.data() + j * p.k(), sums);
    for (int64_t i = 0; i < rows; i++) {
      float x = alpha * sums[i];
      if (beta != 0) {
        x += beta * get(c, j * p.c.ld + i, p.c.type);
      }
      if ((p.epilogue & EPILOGUE_BIAS) != 0) {
        x += get(p.bias, i, p.d.type);
      }
      put(d, j * p.d.ld + i, p.d.type, (p.epilogue & EPILOGUE_GELU) != 0 ? gelu(x) : x);
    }
  }
}

double micros(const Product& p, int algorithm) {
  constexpr double COST[ALGORITHMS + 1] = {0, 1, 1.2, 0.9, 0.8, 0.5, 0.3};
  return COST[algorithm] * (10 + static_cast<double>(p.m()) * p.d.rows * p.k() / 1e6);
}

} // namespace standin::lt
