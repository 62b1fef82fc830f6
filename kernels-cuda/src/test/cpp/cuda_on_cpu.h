/*
 * CUDA C++ for a CPU: the text of a kernel, unchanged, compiles with g++ behind this header, and launch() runs it, one block after another, the threads of a
 * block as fibers that change over at barriers and exchanges between lanes. It is there to prove kernels where no GPU is.
 *
 * What it tells, by a message and exit status 1: a barrier, shuffle, vote or mma that not every thread of the block or lane of the warp comes to; one lane at
 * another operation than the rest. Shared memory is NaN at the start of a block. Misaligned, out-of-bounds and otherwise undefined accesses are for
 * -fsanitize=address,undefined to find. Threads run in either of two orders, so that a forgotten barrier gives other results in one of them.
 *
 * What it cannot tell: how a GPU orders memory accesses without a barrier between them; how its matrix units round (here: once, of the exact sum); bank
 * conflicts, coalescing, registers, time; what only NVRTC refuses. exp2f, expf, erff and the like are the C library's.
 *
 * Kernels' text belongs into an anonymous namespace, since files repeat names. Only what kernels here use is there; dynamic shared memory and
 * masks of less than a warp are not.
 */
#pragma once

#include <math.h>
#include <string.h>

#include <functional>

#define CUDA_ON_CPU 1
#define __global__ [[maybe_unused]]
#define __device__ [[maybe_unused]]
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static thread_local // a block runs in one thread; cuda_on_cpu.cpp finds all of them as that thread's static storage

namespace cuda_on_cpu {

struct Index {
  unsigned x = 1, y = 1, z = 1;
};

enum class Order { FORWARD, BACKWARD };

/** Runs a kernel: kernel() calls it with its arguments, once for every thread. */
void launch(const char* name, Index grid, Index block, Order order, const std::function<void()>& kernel);

[[noreturn]] void fail(const char* what);

/** The running thread's lane. */
unsigned lane();

/** Waits for all threads of the block. */
void blockBarrier();

/** Room for what a lane shows the others. */
struct alignas(16) Slot {
  char bytes[32];
};

/** Waits for all lanes of the warp; the mask must name them all. Returns their slots, [32], valid until this lane's next meeting. */
const Slot* meet(const char* operation, unsigned mask);

/** Where the running thread puts what it shows at its next meeting. */
Slot& ownSlot();

/** What the lanes of the warp show. */
template <typename T>
struct Lanes {
  const Slot* slots;

  const T& operator[](unsigned lane) const { return *reinterpret_cast<const T*>(&slots[lane % 32]); }
};

template <typename T>
Lanes<T> show(const char* operation, unsigned mask, const T& mine) {
  static_assert(sizeof(T) <= sizeof(Slot));
  *reinterpret_cast<T*>(&ownSlot()) = mine;
  return {meet(operation, mask)};
}

} // namespace cuda_on_cpu

// ---- what kernels see ----

extern cuda_on_cpu::Index threadIdx, blockIdx, blockDim, gridDim;

struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

template <typename T>
T __ldg(const T* p) {
  return *p;
}
inline int min(int a, int b) { return b < a ? b : a; }
inline int max(int a, int b) { return a < b ? b : a; }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline float __uint_as_float(unsigned bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
inline unsigned __float_as_uint(float x) {
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/** Four of the eight bytes of b:a, the i-th by the i-th digit of the selector. */
inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
  unsigned long long bytes = static_cast<unsigned long long>(b) << 32 | a;
  unsigned chosen = 0;
  for (int i = 0; i < 4; i++) {
    chosen |= static_cast<unsigned>(bytes >> 8 * (selector >> 4 * i & 7) & 0xff) << 8 * i;
  }
  return chosen;
}

inline void __syncthreads() { cuda_on_cpu::blockBarrier(); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { cuda_on_cpu::show("__syncwarp", mask, 0); }

template <typename T>
T __shfl_xor_sync(unsigned mask, T x, int apart) {
  return cuda_on_cpu::show("__shfl_xor_sync", mask, x)[cuda_on_cpu::lane() ^ apart];
}

template <typename T>
T __shfl_sync(unsigned mask, T x, int from) {
  return cuda_on_cpu::show("__shfl_sync", mask, x)[from];
}

inline unsigned __ballot_sync(unsigned mask, bool vote) {
  auto votes = cuda_on_cpu::show("__ballot_sync", mask, vote);
  unsigned result = 0;
  for (int i = 0; i < 32; i++) {
    result |= votes[i] ? 1u << i : 0;
  }
  return result;
}

// ---- twins of inline PTX ----

/** mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32; every lane of the warp calls it. */
void multiplyAdd(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1);

/** cvt.rn.bf16x2.f32, the second value into the upper half: to nearest, ties to even; any NaN becomes 0x7fff. */
inline unsigned packPair(float first, float second) {
  auto round = [](float x) {
    unsigned bits = __float_as_uint(x);
    unsigned rest = bits & 0xffff;
    unsigned kept = bits >> 16;
    return isnan(x) ? 0x7fffu : kept + (rest > 0x8000 || (rest == 0x8000 && kept % 2 == 1));
  };
  return round(first) | round(second) << 16;
}
