// activation.cu, accumulate.cu and cast.cu against double, element by element.
#include "check.h"

namespace {
namespace activation_cu {
#include "common.cuh"
#include "activation.cu"
} // namespace activation_cu
namespace accumulate_cu {
#include "common.cuh"
#include "accumulate.cu"
} // namespace accumulate_cu
namespace cast_cu {
#include "common.cuh"
#include "cast.cu"
} // namespace cast_cu
} // namespace

namespace check {
namespace {

constexpr int CHUNKED = 128 * 16; // bytes of a row a block covers

template <typename T>
Index gridOf(int rows, int width) {
  return Index{ceilDiv(rows + 6, 4), ceilDiv(width, CHUNKED / static_cast<int>(sizeof(T)))};
}

std::string place(int row, int column, int width) {
  return "row " + std::to_string(row) + ", column " + std::to_string(column) + " of " + std::to_string(width);
}

/** What io.github.bunvec.engine.spi.Activation defines, by its number. */
double activated(int activation, double x) {
  auto clamp = [](double v, double least, double most) { return std::min(std::max(v, least), most); };
  auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  double softplus = std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
  switch (activation) {
    case activation_cu::NONE: return x;
    case activation_cu::GELU: return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
    case activation_cu::GELU_TANH: return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case activation_cu::QUICK_GELU: return x * sigmoid(1.702 * x);
    case activation_cu::RELU: return std::max(x, 0.0);
    case activation_cu::SILU: return x * sigmoid(x);
    case activation_cu::TANH: return std::tanh(x);
    case activation_cu::RELU6: return clamp(x, 0, 6);
    case activation_cu::LEAKY_RELU: return x > 0 ? x : 0.01 * x;
    case activation_cu::RRELU: return x > 0 ? x : 11.0 / 48 * x;
    case activation_cu::ELU: return x > 0 ? x : std::expm1(x);
    case activation_cu::SELU: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x));
    case activation_cu::MISH: return x * std::tanh(softplus);
    case activation_cu::SIGMOID: return sigmoid(x);
    case activation_cu::LOG_SIGMOID: return -(softplus - x);
    case activation_cu::TANHSHRINK: return x - std::tanh(x);
    case activation_cu::SOFTPLUS: return x > 20 ? x : softplus;
    case activation_cu::SOFTSIGN: return x / (1 + std::fabs(x));
    case activation_cu::SOFTSHRINK: return std::fabs(x) <= 0.5 ? 0 : x - std::copysign(0.5, x);
    case activation_cu::HARDSHRINK: return std::fabs(x) <= 0.5 ? 0 : x;
    case activation_cu::HARDTANH: return clamp(x, -1, 1);
    case activation_cu::HARDSIGMOID: return clamp(x / 6 + 0.5, 0, 1);
    case activation_cu::HARDSWISH: return x * clamp(x / 6 + 0.5, 0, 1);
  }
  failed("no activation " + std::to_string(activation));
}

/** Activations jump nowhere but HARDSHRINK at +-0.5: x + bias is exact in the reference, rounded to float in the kernel. */
bool jumps(int activation, double x) { return activation == activation_cu::HARDSHRINK && std::fabs(std::fabs(x) - 0.5) < 1e-6; }

template <typename T, typename Kernel>
void activationOf(Kernel kernel, int activation, int rows, int width, bool biased, Comparison& c) {
  Matrix<T> x(rows, width);
  x.fill([] { return uniform(0, 9) == 0 ? 40 * normal() : 2 * normal(); });
  std::vector<float> bias(width);
  for (float& b : bias) {
    b = biased ? static_cast<float>(0.5 * normal()) : 0;
  }
  Matrix<T> out = x;
  cuda_on_cpu::launch(c.name.c_str(), gridOf<T>(rows, width), Index{128}, uniform(0, 1) == 0 ? Order::FORWARD : Order::BACKWARD,
                      [&] { kernel(out.data(), out.stride, width, biased ? bias.data() : nullptr, activation, &rows); });
  out.expectFrame(c.name);
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < width; j++) {
      double sum = x.get(i, j) + bias[j];
      double expected = activated(activation, sum);
      // The definition's bound, the sum's rounding to float, and that to T.
      double tolerance = 1e-6 * std::max(1.0, std::fabs(expected)) + 0x1p-24 * 1.2 * std::fabs(sum);
      tolerance += rounding<T>() * (std::fabs(expected) + tolerance);
      if (!jumps(activation, sum)) {
        c.expect(out.get(i, j), expected, tolerance, "activation " + std::to_string(activation) + " of " + std::to_string(sum) + " at " + place(i, j, width));
      }
    }
  }
}

template <typename T, typename Kernel>
void nanStays(Kernel kernel, const std::string& name) {
  int rows = 1;
  for (int activation = 0; activation <= activation_cu::HARDSWISH; activation++) {
    Matrix<T> x(rows, 9);
    x.fill([] { return NAN; });
    cuda_on_cpu::launch(name.c_str(), gridOf<T>(rows, 9), Index{128}, Order::FORWARD, [&] { kernel(x.data(), x.stride, 9, nullptr, activation, &rows); });
    for (int j = 0; j < 9; j++) {
      expect(std::isnan(x.get(0, j)), name + ": activation " + std::to_string(activation) + " of NaN is " + std::to_string(x.get(0, j)));
    }
  }
}

template <typename T, typename Kernel>
void accumulateOf(Kernel kernel, bool first, int rows, int width, Comparison& c) {
  Matrix<T> in(rows, width);
  Matrix<T> before(rows, width, 2);
  in.fill(normal);
  before.fill([&] { return first ? NAN : normal(); });
  float factor = static_cast<float>(normal());
  Matrix<T> out = before;
  cuda_on_cpu::launch(c.name.c_str(), gridOf<T>(rows, width), Index{128}, Order::FORWARD,
                      [&] { kernel(in.data(), in.stride, factor, first, out.data(), out.stride, width, &rows); });
  in.expectFrame(c.name);
  out.expectFrame(c.name);
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < width; j++) {
      double expected = (first ? 0 : before.get(i, j)) + factor * in.get(i, j);
      double tolerance = 0x1p-24 * std::fabs(expected); // one rounding
      c.expect(out.get(i, j), expected, tolerance + rounding<T>() * (std::fabs(expected) + tolerance) + 1e-40, place(i, j, width));
    }
  }
}

template <typename In, typename Out, typename Kernel>
void castOf(const std::string& name, Kernel kernel, int rows, int width) {
  Matrix<In> in(rows, width);
  Matrix<Out> out(rows, width, 3);
  // Any bits at all, and such as end in a tie.
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < width; j++) {
      uint64_t bits = random64();
      if (bits >> 62 == 0) {
        bits = (bits & ~0xffffull) | 0x8000;
      }
      memcpy(&in.at(i, j), &bits, sizeof(In));
    }
  }
  cuda_on_cpu::launch(name.c_str(), Index{ceilDiv(rows + 6, 4), ceilDiv(width, 1024)}, Index{128}, Order::FORWARD,
                      [&] { kernel(in.data(), in.stride, out.data(), out.stride, width, &rows); });
  out.expectFrame(name);
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < width; j++) {
      double x = in.get(i, j);
      double y = out.get(i, j);
      bool same = std::isnan(x) ? std::isnan(y) : y == value(nearest<Out>(x));
      expect(same, name + ": " + std::to_string(x) + " becomes " + std::to_string(y) + " at " + place(i, j, width));
    }
  }
}

} // namespace

void activation() {
  using namespace activation_cu;
  Comparison a("activation_f32"), b("activation_bf16");
  for (int i = 0; i <= HARDSWISH; i++) {
    for (int width : {WIDTHS[i % WIDTHS.size()], 9}) {
      activationOf<float>(activation_f32, i, uniform(1, 6), width, true, a);
      activationOf<float>(activation_f32, i, uniform(1, 6), width, false, a);
      activationOf<bf16>(activation_bf16, i, uniform(1, 6), width, true, b);
      activationOf<bf16>(activation_bf16, i, uniform(1, 6), width, false, b);
    }
  }
  nanStays<float>(activation_f32, a.name);
  nanStays<bf16>(activation_bf16, b.name);
}

void accumulate() {
  using namespace accumulate_cu;
  Comparison a("accumulate_f32"), b("accumulate_bf16");
  for (int width : WIDTHS) {
    for (bool first : {false, true}) {
      accumulateOf<float>(accumulate_f32, first, uniform(1, 9), width, a);
      accumulateOf<bf16>(accumulate_bf16, first, uniform(1, 9), width, b);
    }
  }
}

void cast() {
  using namespace cast_cu;
  for (int width : WIDTHS) {
    castOf<float, bf16>("cast_f32_bf16", cast_f32_bf16, uniform(1, 9), width);
    castOf<bf16, float>("cast_bf16_f32", cast_bf16_f32, uniform(1, 9), width);
  }
  printf("%-44s the same bits\n", "cast_f32_bf16, cast_bf16_f32");
}

} // namespace check
