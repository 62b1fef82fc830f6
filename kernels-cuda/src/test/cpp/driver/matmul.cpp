// cuBLASLt's choice of algorithms, and products.
#include <string.h>

#include <algorithm>

#include "descriptors.h"

namespace standin::lt {
namespace {

constexpr uint64_t MARK = 0x5374'616e'6449'6e00;

/** What BACKWARDS needs, so that one algorithm needs some. */
constexpr uint64_t WORKSPACE = 64 << 10;

/** What an algorithm takes the first time, while it is loaded. */
constexpr double LOADING = 1000;

uint64_t typesOf(const Product& p) {
  return static_cast<uint64_t>(p.a.type) | static_cast<uint64_t>(p.d.type) << 8 | static_cast<uint64_t>(p.compute) << 16 |
         static_cast<uint64_t>(p.epilogue) << 24 | static_cast<uint64_t>(p.transA) << 32 | static_cast<uint64_t>(p.transB) << 40;
}

/** Best first, as the number of rows would have it: good ones in no fixed place, nor always the same. */
std::vector<int> candidates(const Product& p, const Preference& preference) {
  std::vector<int> all;
  if (preference.schemes != REDUCTION_SCHEME_NONE) {
    all.push_back(SPLIT_K);
  }
  if (p.m() < PLACE) {
    all.insert(all.end(), {BY_PLACE, BACKWARDS, IN_ORDER, NOT_FOR_FEW});
  } else if (p.m() % 2 == 0) {
    all.insert(all.end(), {BACKWARDS, BY_PLACE, NOT_FOR_FEW, FASTEST, IN_ORDER});
  } else {
    all.insert(all.end(), {BY_PLACE, IN_ORDER, BACKWARDS, FASTEST, NOT_FOR_FEW});
  }
  auto unfit = [&](int algorithm) {
    return (libraries().offered >> algorithm & 1) == 0 || (algorithm == BACKWARDS && preference.workspace < WORKSPACE);
  };
  all.erase(std::remove_if(all.begin(), all.end(), unfit), all.end());
  return all;
}

/** Why an algorithm does not compute a product, or OK. */
int check(const Algo* algo, const Product& p) {
  if (algo == nullptr || (algo->identity & ~0xffull) != MARK) {
    return refuse(INVALID_VALUE, "no algorithm, or not one of cublasLtMatmulAlgoGetHeuristic");
  }
  if (algo->types != typesOf(p)) {
    return refuse(NOT_SUPPORTED, "an algorithm for products of other types, transposes or epilogue");
  }
  if ((algo->identity & 0xff) == NOT_FOR_FEW && p.m() < FEW) {
    return refuse(NOT_SUPPORTED, "an algorithm that does not compute so few rows");
  }
  return OK;
}

struct Operands {
  uint64_t a, b, c, d, workspace;
  float alpha, beta;
};

/** Whether everything lies within allocations and on the borders that the algorithm was told of. */
bool reachable(const Context& context, const Algo& algo, const Product& p, const Operands& at) {
  const uint64_t addresses[4] = {at.a, at.b, at.c, at.d};
  const MatrixLayout* layouts[4] = {&p.a, &p.b, &p.c, &p.d};
  for (int i = 0; i < 4; i++) {
    bool unused = i == 2 && at.beta == 0 && addresses[i] == 0;
    if (!unused && (!onDevice(context, addresses[i], bytesOf(*layouts[i])) || addresses[i] % (algo.alignment >> 16 * i & 0xffff) != 0)) {
      return false;
    }
  }
  bool bias = (p.epilogue & EPILOGUE_BIAS) == 0 || (p.bias % 16 == 0 && onDevice(context, p.bias, p.d.rows * bytesOf(p.d.type)));
  bool workspace = algo.workspace == 0 || (at.workspace % 256 == 0 && onDevice(context, at.workspace, algo.workspace));
  return bias && workspace;
}

int run(const Algo& algo, const Product& p, const Operands& at, Stream& stream) {
  if (!reachable(*stream.context, algo, p, at)) {
    return refuse(ILLEGAL_ADDRESS, "memory was freed before a product was computed");
  }
  int algorithm = static_cast<int>(algo.identity & 0xff);
  if (algo.workspace > 0) {
    memset(reinterpret_cast<void*>(at.workspace), 0xff, algo.workspace);
  }
  compute(p, algorithm, at.alpha, at.a, at.b, at.beta, at.c, at.d);
  Libraries& all = libraries();
  stream.clock += all.warm[algorithm] ? 0 : LOADING;
  all.warm[algorithm] = true;
  all.products[algorithm]++;
  all.last[p.m()] = algorithm;
  return SUCCESS;
}

void answer(HeuristicResult& result, const Algo& algo, const Product& p) {
  result = HeuristicResult{};
  result.state = check(&algo, p);
  if (result.state == OK) {
    result.algo = algo;
    result.workspaceSize = algo.workspace;
    result.wavesCount = 1;
  }
}

} // namespace
} // namespace standin::lt

using namespace standin;
using namespace standin::lt;

extern "C" {

int cublasLtMatmulAlgoGetHeuristic(Handle library, Handle desc, Handle a, Handle b, Handle c, Handle d, Handle preference, int requested,
                                   HeuristicResult* results, int* returned) {
  return ltCall(__func__, [&] {
    Product product;
    auto wishes = libraries().preferences.find(preference);
    if (wishes == nullptr || requested < 1 || results == nullptr || returned == nullptr) {
      return refuse(lt::INVALID_VALUE, "an unknown preference, or no place for algorithms");
    }
    *returned = 0;
    if (int error = assemble(library, desc, a, b, c, d, product)) {
      return error;
    }
    uint64_t alignment = 0;
    for (int i = 0; i < 4; i++) {
      alignment |= static_cast<uint64_t>(wishes->alignment[i]) << 16 * i;
    }
    for (int algorithm : candidates(product, *wishes)) {
      if (*returned < requested) {
        Algo algo{MARK | static_cast<uint64_t>(algorithm), typesOf(product), alignment, algorithm == BACKWARDS ? WORKSPACE : 0, {}};
        answer(results[(*returned)++], algo, product);
      }
    }
    return *returned > 0 ? OK : refuse(lt::NOT_SUPPORTED, "no algorithm for such a product");
  });
}

int cublasLtMatmulAlgoCheck(Handle library, Handle desc, Handle a, Handle b, Handle c, Handle d, const Algo* algo, HeuristicResult* result) {
  return ltCall(__func__, [&] {
    Product product;
    if (int error = assemble(library, desc, a, b, c, d, product)) {
      return error;
    }
    if (int error = check(algo, product)) {
      return error;
    }
    answer(*result, Algo(*algo), product);
    return OK;
  });
}

int cublasLtMatmul(Handle library, Handle desc, const float* alpha, uint64_t a, Handle aLayout, uint64_t b, Handle bLayout, const float* beta, uint64_t c,
                   Handle cLayout, uint64_t d, Handle dLayout, const Algo* algo, uint64_t workspace, size_t workspaceBytes, Handle onto) {
  return ltCall(__func__, [&] {
    Product product;
    if (int error = assemble(library, desc, aLayout, bLayout, cLayout, dLayout, product)) {
      return error;
    }
    if (int error = check(algo, product)) {
      return error;
    }
    std::shared_ptr<Context> context = currentContext();
    std::shared_ptr<Stream> stream;
    if (context->broken != SUCCESS || streamOf(onto, context, stream) != SUCCESS) {
      return int{EXECUTION_FAILED};
    }
    Operands at{a, b, c, d, workspace, *alpha, *beta};
    if (workspaceBytes < algo->workspace || !reachable(*context, *algo, product, at)) {
      return refuse(lt::INVALID_VALUE, "a workspace that is too small, memory that is not within allocations of this context, or a border that was not promised");
    }
    auto compute = [algo = *algo, product, at](Stream& s) { return run(algo, product, at, s); };
    int error = enqueue(*stream, Op{compute, micros(product, static_cast<int>(algo->identity & 0xff))});
    return error == SUCCESS ? OK : int{EXECUTION_FAILED};
  });
}

// What tests ask and say.

/** Which algorithms are offered, as bits; the others are not. */
int standin_offer(unsigned algorithms) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  libraries().offered = algorithms;
  return 0;
}

/** The algorithm that computed the last product of so many rows; 0 if there was none. */
int standin_last_algorithm(int64_t m) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  auto found = libraries().last.find(m);
  return found == libraries().last.end() ? 0 : found->second;
}

/** How many products an algorithm has computed. */
int64_t standin_products(int algorithm) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  return algorithm < 1 || algorithm > ALGORITHMS ? -1 : libraries().products[algorithm];
}

/** How many there are of a kind of cuBLASLt's; -1 for a kind it does not know. */
int64_t standin_count_lt(const char* kind) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  const Libraries& all = libraries();
  const std::map<std::string, int64_t> counts = {
      {"handles", all.handles.all.size()},
      {"descriptors", all.descs.all.size()},
      {"layouts", all.layouts.all.size()},
      {"preferences", all.preferences.all.size()},
  };
  auto found = counts.find(kind);
  return found == counts.end() ? -1 : found->second;
}

/** Forgets everything, as the end of a process would. */
int standin_stop_lt() {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  libraries() = Libraries{};
  return 0;
}

} // extern "C"
