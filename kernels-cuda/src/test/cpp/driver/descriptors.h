/* What cuBLASLt's handles stand for. */
#pragma once

#include "product.h"
#include "state.h"

namespace standin::lt {

struct Library {
  std::shared_ptr<Context> context;
};

struct MatmulDesc {
  int compute;
  int transA = OP_N;
  int transB = OP_N;
  unsigned epilogue = EPILOGUE_DEFAULT;
  uint64_t bias = 0;
  int biasType = -1; // as D's
};

struct Preference {
  uint64_t workspace = 0;
  unsigned schemes = REDUCTION_SCHEME_MASK;
  unsigned alignment[4] = {256, 256, 256, 256}; // of A, B, C, D
};

/** Every algorithm's opaque words. */
struct Algo {
  uint64_t identity; // MARK and the algorithm
  uint64_t types;    // what it was made for
  uint64_t alignment;
  uint64_t workspace;
  uint64_t unused[4];
};

struct HeuristicResult {
  Algo algo;
  size_t workspaceSize;
  int state;
  float wavesCount;
  int reserved[4];
};

static_assert(sizeof(Algo) == 64 && sizeof(HeuristicResult) == 96, "as NVIDIA's");

struct Libraries {
  Registry<Library> handles;
  Registry<MatmulDesc> descs;
  Registry<MatrixLayout> layouts;
  Registry<Preference> preferences;
  unsigned offered = ~0u; // algorithms, as bits
  std::map<int64_t, int> last; // m to the algorithm of its last product
  int64_t products[ALGORITHMS + 1] = {};
  bool warm[ALGORITHMS + 1] = {};
};

Libraries& libraries();

template <typename Body>
int ltCall(const char* function, Body body) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  int error = wished(function);
  return error != 0 ? error : body();
}

/** Puts what a caller passed together; not OK if a handle is unknown or sizes do not fit. */
int assemble(Handle library, Handle desc, Handle a, Handle b, Handle c, Handle d, Product& product);

} // namespace standin::lt
