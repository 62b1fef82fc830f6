/*
 * What the checks of kernels share: random values with a seed, matrices that tell of a stray write, comparison with double, and the list of checks.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "cuda_on_cpu.h"

namespace check {

using cuda_on_cpu::Index;
using cuda_on_cpu::Order;
using Bf16 = unsigned short;

/** Prints and ends with status 1. */
[[noreturn]] void failed(const std::string& message);

/** Of rows: one value, less than a chunk, whole chunks kept in registers, no whole chunk, as wide as is kept, wider. */
inline const std::vector<int> WIDTHS = {1, 7, 16, 384, 768, 1000, 1024, 1029, 1536};

constexpr double BF16_ROUNDING = 1.0 / 256; // greatest relative error of rounding to bf16

// ---- random values (SplitMix64) ----

extern uint64_t seed;

inline uint64_t random64() {
  uint64_t z = seed += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/** least .. most. */
inline int uniform(int least, int most) { return least + static_cast<int>(random64() % (most - least + 1)); }

/** About normal: the sum of four even ones, variance 1. */
inline double normal() {
  double sum = 0;
  for (int i = 0; i < 4; i++) {
    sum += static_cast<double>(random64() >> 11) / 9007199254740992.0 - 0.5;
  }
  return sum * std::sqrt(3.0);
}

// ---- elements ----

inline double value(float x) { return x; }
inline double value(Bf16 x) { return __uint_as_float(static_cast<unsigned>(x) << 16); }

/** The nearest T; ties to even. */
template <typename T>
T nearest(double x) {
  if constexpr (std::is_same_v<T, float>) {
    return static_cast<float>(x);
  } else {
    float f = static_cast<float>(x); // 2^-24: rounding twice matters in test data alone
    return static_cast<Bf16>(packPair(f, 0.0f));
  }
}

/** A signalling NaN, which any arithmetic makes a quiet one: a row that is read, computed and written back shows, too. */
template <typename T>
T untouched() {
  uint32_t bits = 0x7fa00000u >> (32 - 8 * sizeof(T));
  T x;
  memcpy(&x, &bits, sizeof(T));
  return x;
}

/** The relative error that storing as T makes at most. */
template <typename T>
constexpr double rounding() {
  return std::is_same_v<T, float> ? 0 : BF16_ROUNDING;
}

/**
 * [rows, width], stride in values; NaN (untouched) between width and stride and in rows behind the real ones. Ends with the last value of the last row, so that
 * AddressSanitizer sees what is read behind it.
 */
template <typename T>
struct Matrix {
  int rows;
  int width;
  int stride;
  std::vector<T> values;
  int spare;

  /** `padding` eights of values lie between rows, beside those that make the stride a multiple of 8. */
  Matrix(int rows, int width, int padding = 1, int spareRows = 3) : rows(rows), width(width), stride((width + 7) / 8 * 8 + 8 * padding), spare(spareRows) {
    values.assign(static_cast<size_t>(rows + spare - 1) * stride + width, untouched<T>());
  }

  T* data() { return values.data(); }
  T& at(int row, int column) { return values[static_cast<size_t>(row) * stride + column]; }
  double get(int row, int column) const { return value(values[static_cast<size_t>(row) * stride + column]); }

  template <typename Source>
  void fill(Source source) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        at(i, j) = nearest<T>(source());
      }
    }
  }

  bool sameRow(int row, const Matrix& other, int otherRow) const {
    return memcmp(&values[static_cast<size_t>(row) * stride], &other.values[static_cast<size_t>(otherRow) * other.stride], width * sizeof(T)) == 0;
  }

  /** Fails where something outside of the rows' values has been written. */
  void expectFrame(const std::string& name) const {
    T frame = untouched<T>();
    for (size_t i = 0; i < values.size(); i++) {
      bool inside = static_cast<int>(i / stride) < rows && static_cast<int>(i % stride) < width;
      if (!inside && memcmp(&values[i], &frame, sizeof(T)) != 0) {
        failed(name + ": wrote at row " + std::to_string(i / stride) + ", column " + std::to_string(i % stride) + " of a matrix of " + std::to_string(rows) +
               " x " + std::to_string(width));
      }
    }
  }
};

// ---- sequences ----

/** Lengths one after another. */
struct Batch {
  std::vector<int> lengths;
  std::vector<int> cuSeqlens{0};
  std::vector<int> shape; // tokens, sequences

  explicit Batch(std::vector<int> of) : lengths(std::move(of)) {
    for (int length : lengths) {
      cuSeqlens.push_back(cuSeqlens.back() + length);
    }
    shape = {cuSeqlens.back(), static_cast<int>(lengths.size())};
  }

  int tokens() const { return shape[0]; }
  int sequences() const { return shape[1]; }
};

/** 0 .. n - 1 in random order. */
inline std::vector<int> shuffled(int n) {
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (int i = n - 1; i > 0; i--) {
    std::swap(order[i], order[uniform(0, i)]);
  }
  return order;
}

// ---- comparison ----

/** The worst error of a check, as a share of what is allowed. */
class Comparison {
 public:
  explicit Comparison(std::string name) : name(std::move(name)) {}

  void expect(double found, double expected, double tolerance, const std::string& where) {
    double error = std::fabs(found - expected);
    // Not "error > tolerance": a NaN must fail.
    if (!(error <= tolerance)) {
      failed(name + ": " + where + " is " + std::to_string(found) + ", expected " + std::to_string(expected) + ", error " + std::to_string(error / tolerance) +
             " times what is allowed");
    }
    if (tolerance > 0) {
      worst = std::max(worst, error / tolerance);
    }
    values++;
  }

  ~Comparison() { printf("%-44s %9ld values, worst error %.3f of the tolerance\n", name.c_str(), values, worst); }

  const std::string name;

 private:
  double worst = 0;
  long values = 0;
};

inline void expect(bool holds, const std::string& message) {
  if (!holds) {
    failed(message);
  }
}

inline unsigned ceilDiv(int n, int by) { return static_cast<unsigned>((n + by - 1) / by); }

// ---- one for each .cu file ----

void activation();
void accumulate();
void addLayerNorm();
void attention();
void attentionAny();
void cast();
void embed();
void normalize();
void pool();

/** A kernel with a mistake, which must end the program. */
void mistake(const std::string& which);

} // namespace check
