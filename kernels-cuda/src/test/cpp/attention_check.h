/* What is checked of every attention kernel: softmax(q k^T / sqrt(width)) v in double, first tokens alone, places and grids that must not change a bit. */
#pragma once

#include "check.h"

namespace check {
namespace {

template <typename T, typename Out>
using Kernel = void (*)(const T*, int, const int*, const int*, Out*, int);

constexpr int HEADS = 2;

/** What attention must give for all rows. */
struct Expected {
  std::vector<std::vector<double>> out;  // [tokens][hidden]
  std::vector<std::vector<double>> size; // [tokens][hidden]: the sum of the weighted values' sizes, which rounding errors go by
  std::vector<double> terms;             // [tokens]: the greatest sum of the sizes of a score's terms, which its own error goes by
};

template <typename T>
Expected reference(const Batch& batch, const Matrix<T>& qkv, int width) {
  int hidden = HEADS * width;
  std::vector<std::vector<double>> zeros(batch.tokens(), std::vector<double>(hidden));
  Expected e{zeros, zeros, std::vector<double>(batch.tokens())};
  std::vector<double> weights;
  for (int s = 0; s < batch.sequences(); s++) {
    int begin = batch.cuSeqlens[s];
    int end = batch.cuSeqlens[s + 1];
    for (int head = 0; head < hidden; head += width) {
      for (int i = begin; i < end; i++) {
        weights.assign(end - begin, 0);
        double most = -INFINITY;
        for (int j = begin; j < end; j++) {
          double score = 0;
          double terms = 0;
          for (int d = head; d < head + width; d++) {
            double term = qkv.get(i, d) * qkv.get(j, hidden + d);
            score += term;
            terms += std::fabs(term);
          }
          e.terms[i] = std::max(e.terms[i], terms / std::sqrt(width));
          weights[j - begin] = score / std::sqrt(width);
          most = std::max(most, weights[j - begin]);
        }
        double sum = 0;
        for (double& w : weights) {
          w = std::exp(w - most);
          sum += w;
        }
        for (int j = begin; j < end; j++) {
          double w = weights[j - begin] / sum;
          for (int d = head; d < head + width; d++) {
            double v = qkv.get(j, 2 * hidden + d);
            e.out[i][d] += w * v;
            e.size[i][d] += w * std::fabs(v);
          }
        }
      }
    }
  }
  return e;
}

template <typename T, typename Out>
Matrix<Out> run(const std::string& name, Kernel<T, Out> kernel, const Batch& batch, Matrix<T>& qkv, bool first, unsigned blocks, Order order) {
  Matrix<Out> out(first ? batch.sequences() : batch.tokens(), qkv.width / 3);
  // In vectors of their own: an index behind them is seen.
  std::vector<int> cuSeqlens = batch.cuSeqlens;
  std::vector<int> shape = batch.shape;
  cuda_on_cpu::launch(name.c_str(), Index{blocks, HEADS}, Index{128}, order,
                      [&] { kernel(qkv.data(), qkv.stride, cuSeqlens.data(), shape.data(), out.data(), out.stride); });
  out.expectFrame(name);
  return out;
}

/** The same sequences in another order. */
template <typename T>
Matrix<T> permuted(const Batch& batch, const Matrix<T>& qkv, const std::vector<int>& order) {
  Matrix<T> other(qkv.rows, qkv.width, 2);
  int to = 0;
  for (int s : order) {
    for (int i = batch.cuSeqlens[s]; i < batch.cuSeqlens[s + 1]; i++, to++) {
      std::copy_n(&qkv.values[static_cast<size_t>(i) * qkv.stride], qkv.width, &other.at(to, 0));
    }
  }
  return other;
}

/**
 * FP32: 1e-5 of the weighted values' size, and what weights are off where scores are by 4 units in the last place of the sum of their terms' sizes. BF16
 * besides: a weight's rounding counts in the sum of values and in the sum of weights, 2^-8 each, the result's once more. `first` results of BF16 are not
 * rounded themselves.
 */
template <typename T, typename Out>
double tolerance(double size, double terms) {
  double rounded = std::is_same_v<T, float> ? 0 : 2 * BF16_ROUNDING + rounding<Out>();
  return (rounded + 1e-5 + 4 * 0x1p-24 * terms) * size;
}

template <typename T, typename Out>
void one(const std::string& name, Kernel<T, T> all, Kernel<T, Out> firstOnly, int width, const Batch& batch, double spread, Comparison& c) {
  Matrix<T> qkv(batch.tokens(), 3 * HEADS * width);
  qkv.fill([&] { return spread * normal(); });
  Expected e = reference(batch, qkv, width);
  int tiles = batch.tokens() / 16 + batch.sequences();
  Matrix<T> out = run<T, T>(name, all, batch, qkv, false, ceilDiv(tiles, 4), Order::FORWARD);
  Matrix<Out> first = run<T, Out>(name + " first", firstOnly, batch, qkv, true, ceilDiv(batch.sequences(), 4), Order::BACKWARD);
  for (int s = 0; s < batch.sequences(); s++) {
    for (int i = batch.cuSeqlens[s]; i < batch.cuSeqlens[s + 1]; i++) {
      for (int d = 0; d < HEADS * width; d++) {
        std::string where = "token " + std::to_string(i - batch.cuSeqlens[s]) + " of " + std::to_string(batch.lengths[s]) + ", column " + std::to_string(d);
        c.expect(out.get(i, d), e.out[i][d], tolerance<T, T>(e.size[i][d], e.terms[i]), where);
        if (i == batch.cuSeqlens[s]) {
          c.expect(first.get(s, d), e.out[i][d], tolerance<T, Out>(e.size[i][d], e.terms[i]), where + " (first)");
          expect(nearest<T>(first.get(s, d)) == out.at(i, d), name + ": the first token alone is not the first of all, " + where);
        }
      }
    }
  }
  // The same sequences elsewhere, by a grid that is too small or too large, threads in another order: the same bits.
  std::vector<int> order = shuffled(batch.sequences());
  std::vector<int> lengths;
  for (int s : order) {
    lengths.push_back(batch.lengths[s]);
  }
  Batch moved(lengths);
  Matrix<T> movedQkv = permuted(batch, qkv, order);
  Matrix<T> movedOut = run<T, T>(name, all, moved, movedQkv, false, uniform(1, static_cast<int>(ceilDiv(tiles, 4)) + 2), Order::BACKWARD);
  for (int s = 0; s < batch.sequences(); s++) {
    for (int i = 0; i < moved.lengths[s]; i++) {
      expect(movedOut.sameRow(moved.cuSeqlens[s] + i, out, batch.cuSeqlens[order[s]] + i),
             name + ": other bits for token " + std::to_string(i) + " of " + std::to_string(moved.lengths[s]) + " in another place");
    }
  }
}

template <typename T, typename Out>
void kernels(const std::string& name, Kernel<T, T> all, Kernel<T, Out> firstOnly, int width) {
  Comparison c(name);
  one(name, all, firstOnly, width, Batch({1, 2, 15, 16, 17, 31, 64, 100}), 1, c);
  one(name, all, firstOnly, width, Batch({33, 8, 48, 7, 32}), 3, c);
  one(name, all, firstOnly, width, Batch({uniform(1, 70)}), 1, c);
}

/** One sequence longer than any step, weights spread over many orders of magnitude. */
template <typename T, typename Out>
void longOne(const std::string& name, Kernel<T, T> all, Kernel<T, Out> firstOnly, int width) {
  Comparison c(name + ", 513 tokens");
  one(name, all, firstOnly, width, Batch({513, 3}), 2, c);
}

} // namespace
} // namespace check
