// pool.cu and normalize.cu against double.
#include "check.h"

namespace {
namespace pool_cu {
#include "common.cuh"
#include "pool.cu"
} // namespace pool_cu
namespace normalize_cu {
#include "common.cuh"
#include "normalize.cu"
} // namespace normalize_cu
} // namespace

namespace check {
namespace {

/** A sequence's vector of one mode, as io.github.bunvec.engine.cpu.Pooling defines it, and what errors go by: the same sum of sizes. */
struct Pooled {
  double value;
  double size;
};

template <typename T>
Pooled pooled(int mode, const Matrix<T>& in, int begin, int length, int skipped, int column) {
  int count = length - skipped;
  double sum = 0;
  double size = 0;
  double most = skipped == 0 ? -INFINITY : -1e9;
  double places = 0;
  for (int i = skipped; i < length; i++) {
    double x = in.get(begin + i, column);
    double weight = mode == pool_cu::WEIGHTED_MEAN ? i + 1 : 1;
    sum += weight * x;
    size += weight * std::fabs(x);
    places += weight;
    most = std::max(most, x);
  }
  switch (mode) {
    case pool_cu::CLS: return {in.get(begin, column), 0};
    case pool_cu::MAX: return {most, 0};
    case pool_cu::LAST_TOKEN: return {count == 0 ? 0 : in.get(begin + length - 1, column), 0};
    case pool_cu::MEAN_SQRT_LEN: return count == 0 ? Pooled{0, 0} : Pooled{sum / std::sqrt(count), size / std::sqrt(count)};
    default: return count == 0 ? Pooled{0, 0} : Pooled{sum / places, size / places};
  }
}

template <typename T>
using PoolKernel = void (*)(const T*, int, const int*, const int*, unsigned long long, int, int, float*, int, int, const int*);

template <typename T>
Matrix<float> runPool(const std::string& name, PoolKernel<T> kernel, const Batch& batch, Matrix<T>& in, const std::vector<int>& skipped,
                      const std::vector<int>& modes, bool normalize, Order order) {
  unsigned long long packed = 0;
  for (size_t m = 0; m < modes.size(); m++) {
    packed |= static_cast<unsigned long long>(modes[m]) << 4 * m;
  }
  Matrix<float> out(batch.sequences(), static_cast<int>(modes.size()) * in.width);
  std::vector<int> cuSeqlens = batch.cuSeqlens;
  int sequences = batch.sequences();
  cuda_on_cpu::launch(name.c_str(), Index{ceilDiv(sequences + 2, 1)}, Index{256}, order, [&] {
    kernel(in.data(), in.stride, cuSeqlens.data(), skipped.data(), packed, static_cast<int>(modes.size()), in.width, out.data(), out.stride, normalize,
           &sequences);
  });
  in.expectFrame(name);
  out.expectFrame(name);
  return out;
}

template <typename T>
void poolOf(PoolKernel<T> kernel, const std::vector<int>& modes, int width, bool normalize, Comparison& c) {
  Batch batch({uniform(2, 40), 1, 17, uniform(1, 9), 100});
  std::vector<int> skipped = {uniform(0, 2), uniform(0, 1), 0, batch.lengths[3], 3};
  Matrix<T> in(batch.tokens(), width);
  in.fill([] { return 0.5 + normal(); });
  Matrix<float> out = runPool(c.name, kernel, batch, in, skipped, modes, normalize, Order::FORWARD);
  for (int s = 0; s < batch.sequences(); s++) {
    std::vector<Pooled> expected;
    double squares = 0;
    for (int mode : modes) {
      for (int j = 0; j < width; j++) {
        expected.push_back(pooled(mode, in, batch.cuSeqlens[s], batch.lengths[s], skipped[s], j));
        squares += expected.back().value * expected.back().value;
      }
    }
    double norm = normalize ? std::max(std::sqrt(squares), 1e-12) : 1;
    for (size_t j = 0; j < expected.size(); j++) {
      double y = expected[j].value / norm;
      double tolerance = 1e-6 * expected[j].size / norm + (normalize ? 1e-5 * (std::fabs(y) + 1e-3) : 1e-7 * std::fabs(y));
      c.expect(out.get(s, static_cast<int>(j)), y, tolerance,
               "mode " + std::to_string(modes[j / width]) + ", sequence " + std::to_string(s) + ", column " + std::to_string(j % width));
    }
  }
  // The sequences in reverse.
  std::vector<int> lengths(batch.lengths.rbegin(), batch.lengths.rend());
  std::vector<int> movedSkipped(skipped.rbegin(), skipped.rend());
  Batch moved(lengths);
  Matrix<T> movedIn(batch.tokens(), width, 4);
  for (int s = 0, to = 0; s < moved.sequences(); s++) {
    int from = batch.cuSeqlens[batch.sequences() - 1 - s];
    for (int i = 0; i < moved.lengths[s]; i++, to++) {
      std::copy_n(&in.at(from + i, 0), width, &movedIn.at(to, 0));
    }
  }
  Matrix<float> movedOut = runPool(c.name, kernel, moved, movedIn, movedSkipped, modes, normalize, Order::BACKWARD);
  for (int s = 0; s < batch.sequences(); s++) {
    expect(movedOut.sameRow(s, out, batch.sequences() - 1 - s), c.name + ": other bits in another place");
  }
}

template <typename T, typename Kernel>
void normalizeOf(Kernel kernel, int width, Comparison& c) {
  int rows = uniform(2, 9);
  Matrix<T> x(rows, width);
  x.fill(normal);
  for (int j = 0; j < width; j++) {
    x.at(0, j) = 0;
  }
  Matrix<T> out = x;
  cuda_on_cpu::launch(c.name.c_str(), Index{ceilDiv(rows + 6, 4)}, Index{128}, Order::BACKWARD, [&] { kernel(out.data(), out.stride, width, &rows); });
  out.expectFrame(c.name);
  for (int i = 0; i < rows; i++) {
    double squares = 0;
    for (int j = 0; j < width; j++) {
      squares += x.get(i, j) * x.get(i, j);
    }
    for (int j = 0; j < width; j++) {
      double y = x.get(i, j) / std::max(std::sqrt(squares), 1e-12);
      c.expect(out.get(i, j), y, 1e-6 * std::fabs(y) + rounding<T>() * std::fabs(y) * 1.000001 + 1e-40,
               "row " + std::to_string(i) + ", column " + std::to_string(j));
    }
  }
}

} // namespace

void pool() {
  using namespace pool_cu;
  Comparison a("pool_f32"), b("pool_bf16");
  std::vector<int> all = {CLS, MAX, MEAN, MEAN_SQRT_LEN, WEIGHTED_MEAN, LAST_TOKEN};
  for (int width : WIDTHS) {
    bool few = width > 100;
    poolOf<float>(pool_f32, few ? std::vector<int>{uniform(0, 5), MEAN} : all, width, width % 2 == 0, a);
    poolOf<bf16>(pool_bf16, few ? std::vector<int>{uniform(0, 5), MEAN} : all, width, width % 2 == 0, b);
  }
  for (bool normalize : {false, true}) {
    poolOf<float>(pool_f32, all, 136, normalize, a);
    poolOf<bf16>(pool_bf16, all, 136, normalize, b);
  }
}

void normalize() {
  using namespace normalize_cu;
  Comparison a("normalize_f32"), b("normalize_bf16");
  for (int width : WIDTHS) {
    normalizeOf<float>(normalize_f32, width, a);
    normalizeOf<bf16>(normalize_bf16, width, b);
  }
}

} // namespace check
