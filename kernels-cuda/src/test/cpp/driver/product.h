/* Matrix products as cuBLASLt describes them, by algorithms some of which a caller must not choose. */
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "codes.h"

namespace standin::lt {

/** In what order an algorithm sums along k, and what else is peculiar to it. */
enum Algorithm : int {
  IN_ORDER = 1,
  BACKWARDS = 2,           // other bits than IN_ORDER, of all rows alike
  BY_PLACE = 3,            // IN_ORDER in the first 16 rows, BACKWARDS in all others
  NOT_FOR_FEW = 4,         // IN_ORDER, refused for less than 8 rows
  FASTEST = 5,             // IN_ORDER, the fastest of all
  SPLIT_K = 6,             // in 2 to 4 parts, as m says
};

constexpr int ALGORITHMS = 6;
constexpr int64_t FEW = 8;
constexpr int64_t PLACE = 16;

struct MatrixLayout {
  int type;
  uint64_t rows;
  uint64_t cols;
  int64_t ld;
};

/** D[rows, cols] = epilogue(alpha op(A) op(B) + beta C + bias), column-major. What row-major callers call the rows of their product, m, are D's columns. */
struct Product {
  int compute;
  int transA;
  int transB;
  int epilogue;
  uint64_t bias;
  MatrixLayout a, b, c, d;

  int64_t m() const { return static_cast<int64_t>(d.cols); }
  int64_t k() const { return static_cast<int64_t>(transA == OP_N ? a.cols : a.rows); }
};

/** Whether the sizes fit each other. */
bool fits(const Product& product);

/** Whether there are algorithms for such types. */
bool hasTypes(const Product& product);

uint64_t bytesOf(int type);

/** From the first value to behind the last. */
uint64_t bytesOf(const MatrixLayout& layout);

/** Computes it; addresses are this process's. */
void compute(const Product& product, int algorithm, float alpha, uint64_t a, uint64_t b, float beta, uint64_t c, uint64_t d);

/** What it is said to take, in microseconds. */
double micros(const Product& product, int algorithm);

} // namespace standin::lt
