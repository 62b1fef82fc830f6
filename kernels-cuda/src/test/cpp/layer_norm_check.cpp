// embed.cu and add_layer_norm.cu against layer normalisation in double.
#include "check.h"

namespace {
namespace embed_cu {
#include "common.cuh"
#include "embed.cu"
} // namespace embed_cu
namespace add_layer_norm_cu {
#include "common.cuh"
#include "add_layer_norm.cu"
} // namespace add_layer_norm_cu
} // namespace

namespace check {
namespace {

constexpr float EPS = 1e-5f;

/** A vector of float on a 16-byte border that ends with its last value. */
std::vector<float> vectorOf(int width, double mean) {
  std::vector<float> values(width);
  for (float& x : values) {
    x = static_cast<float>(mean + 0.3 * normal());
  }
  return values;
}

std::vector<double> normalized(const std::vector<double>& x, const std::vector<float>& gamma, const std::vector<float>& beta) {
  double mean = 0;
  for (double v : x) {
    mean += v / x.size();
  }
  double variance = 0;
  for (double v : x) {
    variance += (v - mean) * (v - mean) / x.size();
  }
  std::vector<double> y(x.size());
  for (size_t i = 0; i < x.size(); i++) {
    y[i] = (x[i] - mean) / std::sqrt(variance + EPS) * gamma[i] + beta[i];
  }
  return y;
}

/** 1e-5 of the row's greatest value in float, and the rounding to T. */
template <typename T>
void expectRow(Comparison& c, const Matrix<T>& found, int row, const std::vector<double>& expected) {
  double most = 0;
  for (double v : expected) {
    most = std::max(most, std::fabs(v));
  }
  for (int i = 0; i < found.width; i++) {
    double tolerance = 1e-5 * most + rounding<T>() * (std::fabs(expected[i]) + 1e-5 * most);
    c.expect(found.get(row, i), expected[i], tolerance, "row " + std::to_string(row) + ", column " + std::to_string(i) + " of " + std::to_string(found.width));
  }
}

/** Rows in another order, of another stride. */
template <typename T>
Matrix<T> reordered(const Matrix<T>& x, const std::vector<int>& order) {
  Matrix<T> y(x.rows, x.width, 3, 9);
  for (int i = 0; i < x.rows; i++) {
    std::copy_n(&x.values[static_cast<size_t>(order[i]) * x.stride], x.width, &y.at(i, 0));
  }
  return y;
}

template <typename T, typename Kernel>
void addLayerNormOf(const std::string& name, Kernel kernel, int rows, int width, Comparison& c) {
  std::vector<float> gamma = vectorOf(width, 1);
  std::vector<float> beta = vectorOf(width, 0);
  Matrix<T> in(rows, width);
  Matrix<T> residual(rows, width, 2);
  in.fill(normal);
  for (int i = 0; i < rows; i++) {
    double mean = 3 * normal();
    for (int j = 0; j < width; j++) {
      residual.at(i, j) = nearest<T>(mean + normal());
    }
  }
  auto run = [&](Matrix<T>& a, Matrix<T>& b, Order order) {
    cuda_on_cpu::launch(name.c_str(), Index{ceilDiv(rows + 7, 4)}, Index{128}, order, [&] { kernel(a, b, width, gamma.data(), beta.data(), &rows); });
    a.expectFrame(name);
    b.expectFrame(name);
  };
  Matrix<T> out = residual;
  run(in, out, Order::FORWARD);
  bool adds = name[0] == 'a';
  for (int i = 0; i < rows; i++) {
    std::vector<double> x(width);
    for (int j = 0; j < width; j++) {
      x[j] = residual.get(i, j) + (adds ? in.get(i, j) : 0);
    }
    expectRow(c, out, i, normalized(x, gamma, beta));
  }
  std::vector<int> order = shuffled(rows);
  Matrix<T> movedIn = reordered(in, order);
  Matrix<T> moved = reordered(residual, order);
  run(movedIn, moved, Order::BACKWARD);
  for (int i = 0; i < rows; i++) {
    expect(moved.sameRow(i, out, order[i]), name + ": other bits in another place");
  }
}

template <typename T, typename Kernel>
void embedOf(const std::string& name, Kernel kernel, int tokens, int width, Comparison& c) {
  constexpr int WORDS = 11, POSITIONS = 7;
  std::vector<float> gamma = vectorOf(width, 1);
  std::vector<float> beta = vectorOf(width, 0);
  Matrix<T> word(WORDS, width, 0, 0);
  Matrix<T> position(POSITIONS, width, 2, 0);
  Matrix<T> tokenType(1, width, 0, 0);
  word.fill(normal);
  position.fill(normal);
  tokenType.fill(normal);
  std::vector<int> ids(tokens);
  std::vector<int> positions(tokens);
  for (int i = 0; i < tokens; i++) {
    ids[i] = i == 0 ? WORDS - 1 : uniform(0, WORDS - 1);
    positions[i] = i == 0 ? POSITIONS - 1 : uniform(0, POSITIONS - 1);
  }
  Matrix<T> out(tokens, width, 1, 5);
  auto run = [&](const std::vector<int>& i, const std::vector<int>& p, Matrix<T>& to, Order order) {
    cuda_on_cpu::launch(name.c_str(), Index{ceilDiv(tokens + 5, 4)}, Index{128}, order, [&] {
      kernel(word.data(), word.stride, tokenType.data(), position.data(), position.stride, i.data(), p.data(), width, gamma.data(), beta.data(), EPS, to.data(),
             to.stride, &tokens);
    });
    to.expectFrame(name);
  };
  run(ids, positions, out, Order::FORWARD);
  for (int i = 0; i < tokens; i++) {
    std::vector<double> x(width);
    for (int j = 0; j < width; j++) {
      x[j] = word.get(ids[i], j) + tokenType.get(0, j) + position.get(positions[i], j);
    }
    expectRow(c, out, i, normalized(x, gamma, beta));
  }
  std::vector<int> order = shuffled(tokens);
  std::vector<int> movedIds(tokens);
  std::vector<int> movedPositions(tokens);
  for (int i = 0; i < tokens; i++) {
    movedIds[i] = ids[order[i]];
    movedPositions[i] = positions[order[i]];
  }
  Matrix<T> moved(tokens, width, 2);
  run(movedIds, movedPositions, moved, Order::BACKWARD);
  for (int i = 0; i < tokens; i++) {
    expect(moved.sameRow(i, out, order[i]), name + ": other bits in another place");
  }
}

} // namespace

void addLayerNorm() {
  using namespace add_layer_norm_cu;
  auto adding = [](auto kernel) {
    return [kernel](auto& in, auto& x, int width, const float* gamma, const float* beta, const int* rows) {
      kernel(in.data(), in.stride, x.data(), x.stride, width, gamma, beta, EPS, rows);
    };
  };
  auto alone = [](auto kernel) {
    return [kernel](auto&, auto& x, int width, const float* gamma, const float* beta, const int* rows) {
      kernel(x.data(), x.stride, width, gamma, beta, EPS, rows);
    };
  };
  Comparison a("add_layer_norm_f32"), b("add_layer_norm_bf16"), c("layer_norm_f32"), d("layer_norm_bf16");
  for (int width : WIDTHS) {
    addLayerNormOf<float>(a.name, adding(add_layer_norm_f32), uniform(1, 9), width, a);
    addLayerNormOf<bf16>(b.name, adding(add_layer_norm_bf16), uniform(1, 9), width, b);
    addLayerNormOf<float>(c.name, alone(layer_norm_f32), uniform(1, 9), width, c);
    addLayerNormOf<bf16>(d.name, alone(layer_norm_bf16), uniform(1, 9), width, d);
  }
}

void embed() {
  using namespace embed_cu;
  Comparison a("embed_f32"), b("embed_bf16");
  for (int width : WIDTHS) {
    embedOf<float>(a.name, embed_f32, uniform(1, 9), width, a);
    embedOf<bf16>(b.name, embed_bf16, uniform(1, 9), width, b);
  }
}

} // namespace check
