// Kernels with a mistake each: what cuda_on_cpu, the sanitizers and check.h must tell.
#include "check.h"

namespace {

__global__ void barrierForSome(int* x) {
  if (threadIdx.x < 32) {
    __syncthreads();
  }
  x[threadIdx.x] = 0;
}

__global__ void shuffleForSome(int* x) {
  if (threadIdx.x % 32 != 5) {
    x[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1, 1);
  } else {
    __syncthreads();
  }
}

__global__ void voteBesideShuffle(int* x) {
  x[threadIdx.x] = threadIdx.x % 2 == 0 ? static_cast<int>(__ballot_sync(0xffffffffu, true)) : __shfl_xor_sync(0xffffffffu, 1, 1);
}

__global__ void someLanes(int* x) { x[threadIdx.x] = __shfl_xor_sync(0xffffu, 1, 1); }

/** Reverses x through shared memory, with the barrier or without. */
template <bool BARRIER>
__global__ void reversed(float* x) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  if (BARRIER) {
    __syncthreads();
  }
  x[threadIdx.x] = values[63 - threadIdx.x];
}

__global__ void behindTheEnd(const float* x, float* y) { y[threadIdx.x] = x[threadIdx.x + 1]; }

__global__ void misaligned(const float* x, float* y) { y[threadIdx.x] = reinterpret_cast<const float4*>(x + 1)->x; }

__global__ void behindShared(float* x) {
  __shared__ float values[4][8];
  values[threadIdx.x / 32][threadIdx.x % 32] = 0;
  x[threadIdx.x] = values[0][0];
}

__global__ void besideTheRow(float* x, int width) { x[width] = 0; }

} // namespace

namespace check {

void mistake(const std::string& which) {
  std::vector<int> integers(64);
  std::vector<float> floats(64);
  std::iota(floats.begin(), floats.end(), 1.0f);
  std::vector<float> other(64);
  auto run = [&](Order order, const std::function<void()>& kernel) { cuda_on_cpu::launch(which.c_str(), Index{1}, Index{64}, order, kernel); };
  if (which == "barrierForSome") {
    run(Order::FORWARD, [&] { barrierForSome(integers.data()); });
  } else if (which == "shuffleForSome") {
    run(Order::FORWARD, [&] { shuffleForSome(integers.data()); });
  } else if (which == "voteBesideShuffle") {
    run(Order::FORWARD, [&] { voteBesideShuffle(integers.data()); });
  } else if (which == "someLanes") {
    run(Order::FORWARD, [&] { someLanes(integers.data()); });
  } else if (which == "forgottenBarrier") {
    // Right with the barrier; without it NaN, since shared memory is poisoned for every block, or another order's values.
    run(Order::FORWARD, [&] { reversed<true>(floats.data()); });
    expect(floats[0] == 64 && floats[63] == 1, "reversed has not reversed");
    run(Order::BACKWARD, [&] { reversed<false>(floats.data()); });
    expect(std::none_of(floats.begin(), floats.end(), [](float x) { return std::isnan(x); }), "NaN of shared memory");
  } else if (which == "behindTheEnd") {
    run(Order::FORWARD, [&] { behindTheEnd(floats.data(), other.data()); });
  } else if (which == "misaligned") {
    run(Order::FORWARD, [&] { misaligned(floats.data(), other.data()); });
  } else if (which == "behindShared") {
    run(Order::FORWARD, [&] { behindShared(floats.data()); });
  } else if (which == "besideTheRow") {
    Matrix<float> x(2, 7);
    run(Order::FORWARD, [&] { besideTheRow(x.data(), x.width); });
    x.expectFrame(which);
  }
  printf("%s has not been found\n", which.c_str());
}

} // namespace check
