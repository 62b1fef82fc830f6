// attention_any.cu.
#include "attention_check.h"

namespace {
#include "common.cuh"
// After it, as the host puts them together.
#include "attention_any.cu"
} // namespace

namespace check {
namespace {

// Of one width, as attention.cu's are.

template <int WIDTH>
void f32(const float* qkv, int stride, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  attention_any_f32(qkv, stride, WIDTH, cuSeqlens, shape, out, outStride);
}

template <int WIDTH>
void bf16Rows(const bf16* qkv, int stride, const int* cuSeqlens, const int* shape, bf16* out, int outStride) {
  attention_any_bf16(qkv, stride, WIDTH, cuSeqlens, shape, out, outStride);
}

template <int WIDTH>
void firstF32(const float* qkv, int stride, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  attention_any_first_f32(qkv, stride, WIDTH, cuSeqlens, shape, out, outStride);
}

template <int WIDTH>
void firstBf16(const bf16* qkv, int stride, const int* cuSeqlens, const int* shape, float* out, int outStride) {
  attention_any_first_bf16_f32(qkv, stride, WIDTH, cuSeqlens, shape, out, outStride);
}

/** One column, no multiple of anything, all lanes' columns but one, more columns than usual heads have. */
template <int WIDTH>
void width() {
  std::string name = "attention_any " + std::to_string(WIDTH);
  kernels<float, float>(name + " f32", f32<WIDTH>, firstF32<WIDTH>, WIDTH);
  kernels<bf16, float>(name + " bf16", bf16Rows<WIDTH>, firstBf16<WIDTH>, WIDTH);
}

} // namespace

void attentionAny() {
  width<1>();
  width<24>();
  width<127>();
  width<160>();
}

} // namespace check
