// attention.cu.
#include "attention_check.h"

namespace {
#include "common.cuh"
// After it, as the host puts them together.
#include "attention.cu"
} // namespace

namespace check {
namespace {

/** Sequences beyond one round of the search for a tile, most of one token. */
void many() {
  std::vector<int> lengths;
  for (int i = 0; i < 1100; i++) {
    lengths.push_back(uniform(0, 99) == 0 ? uniform(2, 40) : 1);
  }
  Comparison c("attention_32_bf16, 1100 sequences");
  one("attention_32_bf16", attention_32_bf16, attention_first_32_bf16_f32, 32, Batch(lengths), 1, c);
}

} // namespace

void attention() {
  kernels("attention_32_f32", attention_32_f32, attention_first_32_f32, 32);
  kernels("attention_64_f32", attention_64_f32, attention_first_64_f32, 64);
  kernels("attention_128_f32", attention_128_f32, attention_first_128_f32, 128);
  kernels("attention_32_bf16", attention_32_bf16, attention_first_32_bf16_f32, 32);
  kernels("attention_64_bf16", attention_64_bf16, attention_first_64_bf16_f32, 64);
  kernels("attention_128_bf16", attention_128_bf16, attention_first_128_bf16_f32, 128);
  longOne("attention_64_f32", attention_64_f32, attention_first_64_f32, 64);
  longOne("attention_64_bf16", attention_64_bf16, attention_first_64_bf16_f32, 64);
  many();
}

} // namespace check
