// cuBLASLt's handles, descriptors and their attributes.
#include "descriptors.h"

#include <string.h>

namespace standin::lt {

Libraries& libraries() {
  static Libraries* all = new Libraries;
  return *all;
}

namespace {

template <typename T>
int destroy(Registry<T>& registry, Handle handle, const char* what) {
  return registry.all.erase(handle) == 1 ? OK : refuse(INVALID_VALUE, std::string("an unknown ") + what);
}

template <typename T>
int set(T& value, const void* from, size_t bytes) {
  if (from == nullptr || bytes != sizeof(T)) {
    return refuse(INVALID_VALUE, "an attribute of " + std::to_string(bytes) + " bytes, not " + std::to_string(sizeof(T)));
  }
  memcpy(&value, from, sizeof value);
  return OK;
}

/** An attribute of which the stand-in knows only some values. */
template <typename T>
int setOneOf(T& value, const void* from, size_t bytes, std::initializer_list<T> known) {
  T wanted;
  if (int error = set(wanted, from, bytes)) {
    return error;
  }
  for (T one : known) {
    if (one == wanted) {
      value = wanted;
      return OK;
    }
  }
  return refuse(INVALID_VALUE, "the stand-in does not know value " + std::to_string(wanted) + " of an attribute");
}

bool isType(int type) { return type == R_32F || type == R_16BF; }

} // namespace

int assemble(Handle library, Handle desc, Handle a, Handle b, Handle c, Handle d, Product& product) {
  auto handle = libraries().handles.find(library);
  if (handle == nullptr) {
    return refuse(NOT_INITIALIZED, "an unknown handle of cuBLASLt");
  }
  auto context = currentContext();
  if (context == nullptr || handle->context != context) {
    return refuse(INVALID_VALUE, "a handle of another context than the current one");
  }
  auto what = libraries().descs.find(desc);
  std::shared_ptr<MatrixLayout> layouts[4];
  const Handle given[4] = {a, b, c, d};
  for (int i = 0; i < 4; i++) {
    layouts[i] = libraries().layouts.find(given[i]);
    if (layouts[i] == nullptr) {
      return refuse(INVALID_VALUE, "an unknown layout");
    }
  }
  if (what == nullptr) {
    return refuse(INVALID_VALUE, "an unknown descriptor");
  }
  product = Product{what->compute, what->transA, what->transB, static_cast<int>(what->epilogue), what->bias,
                    *layouts[0],   *layouts[1],  *layouts[2],  *layouts[3]};
  if (!fits(product)) {
    return refuse(INVALID_VALUE, "matrices whose sizes do not fit");
  }
  if (!hasTypes(product) || (what->biasType >= 0 && what->biasType != product.d.type)) {
    return refuse(NOT_SUPPORTED, "no product of such types");
  }
  return OK;
}

} // namespace standin::lt

using namespace standin;
using namespace standin::lt;

extern "C" {

int cublasLtCreate(Handle* handle) {
  return ltCall(__func__, [&] {
    std::shared_ptr<Context> context;
    if (admit(__func__, NOT_IN_CAPTURE, context) != SUCCESS) {
      return int{lt::NOT_INITIALIZED};
    }
    *handle = libraries().handles.add(std::make_shared<Library>(Library{context}));
    return OK;
  });
}

int cublasLtDestroy(Handle handle) {
  return ltCall(__func__, [&] { return libraries().handles.all.erase(handle) == 1 ? OK : refuse(lt::NOT_INITIALIZED, "an unknown handle of cuBLASLt"); });
}

size_t cublasLtGetVersion() { return 130200; }

int cublasLtMatmulDescCreate(Handle* desc, int compute, int scaleType) {
  return ltCall(__func__, [&] {
    if ((compute != COMPUTE_32F && compute != COMPUTE_32F_FAST_TF32) || scaleType != R_32F) {
      return refuse(lt::INVALID_VALUE, "arithmetic that the stand-in does not know");
    }
    auto made = std::make_shared<MatmulDesc>();
    made->compute = compute;
    *desc = libraries().descs.add(made);
    return OK;
  });
}

int cublasLtMatmulDescSetAttribute(Handle handle, int attribute, const void* from, size_t bytes) {
  return ltCall(__func__, [&] {
    auto desc = libraries().descs.find(handle);
    if (desc == nullptr) {
      return refuse(lt::INVALID_VALUE, "an unknown descriptor");
    }
    int fixed;
    switch (attribute) {
      case DESC_TRANSA: return setOneOf<int>(desc->transA, from, bytes, {OP_N, OP_T});
      case DESC_TRANSB: return setOneOf<int>(desc->transB, from, bytes, {OP_N, OP_T});
      case DESC_TRANSC: return setOneOf<int>(fixed, from, bytes, {OP_N});
      case DESC_POINTER_MODE: return setOneOf<int>(fixed, from, bytes, {0});
      case DESC_EPILOGUE:
        return setOneOf<unsigned>(desc->epilogue, from, bytes, {EPILOGUE_DEFAULT, EPILOGUE_BIAS, EPILOGUE_GELU, EPILOGUE_GELU_BIAS});
      case DESC_BIAS_POINTER: return set(desc->bias, from, bytes);
      case DESC_BIAS_DATA_TYPE: return set(desc->biasType, from, bytes);
      default: return refuse(lt::INVALID_VALUE, "attribute " + std::to_string(attribute) + " of a product, which the stand-in does not know");
    }
  });
}

int cublasLtMatmulDescDestroy(Handle handle) {
  return ltCall(__func__, [&] { return destroy(libraries().descs, handle, "descriptor"); });
}

int cublasLtMatrixLayoutCreate(Handle* layout, int type, uint64_t rows, uint64_t cols, int64_t ld) {
  return ltCall(__func__, [&] {
    if (!isType(type)) {
      return refuse(lt::NOT_SUPPORTED, "a type that the stand-in does not know");
    }
    if (rows == 0 || cols == 0 || ld < static_cast<int64_t>(rows)) {
      return refuse(lt::INVALID_VALUE, "an empty matrix, or a leading dimension of less than its rows");
    }
    *layout = libraries().layouts.add(std::make_shared<MatrixLayout>(MatrixLayout{type, rows, cols, ld}));
    return OK;
  });
}

int cublasLtMatrixLayoutDestroy(Handle handle) {
  return ltCall(__func__, [&] { return destroy(libraries().layouts, handle, "layout"); });
}

int cublasLtMatmulPreferenceCreate(Handle* preference) {
  return ltCall(__func__, [&] {
    *preference = libraries().preferences.add(std::make_shared<Preference>());
    return OK;
  });
}

int cublasLtMatmulPreferenceSetAttribute(Handle handle, int attribute, const void* from, size_t bytes) {
  return ltCall(__func__, [&] {
    auto preference = libraries().preferences.find(handle);
    if (preference == nullptr) {
      return refuse(lt::INVALID_VALUE, "an unknown preference");
    }
    if (attribute >= PREF_MIN_ALIGNMENT_A_BYTES && attribute <= PREF_MIN_ALIGNMENT_D_BYTES) {
      return setOneOf<unsigned>(preference->alignment[attribute - PREF_MIN_ALIGNMENT_A_BYTES], from, bytes, {1, 2, 4, 8, 16, 32, 64, 128, 256});
    }
    unsigned best;
    switch (attribute) {
      case PREF_SEARCH_MODE: return setOneOf<unsigned>(best, from, bytes, {0});
      case PREF_MAX_WORKSPACE_BYTES: return set(preference->workspace, from, bytes);
      case PREF_REDUCTION_SCHEME_MASK: return set(preference->schemes, from, bytes);
      default: return refuse(lt::INVALID_VALUE, "attribute " + std::to_string(attribute) + " of a preference, which the stand-in does not know");
    }
  });
}

int cublasLtMatmulPreferenceDestroy(Handle handle) {
  return ltCall(__func__, [&] { return destroy(libraries().preferences, handle, "preference"); });
}

const char* cublasLtGetStatusString(int status) {
  switch (status) {
    case OK: return "success";
    case lt::NOT_INITIALIZED: return "not initialized";
    case lt::INVALID_VALUE: return "invalid value";
    case EXECUTION_FAILED: return "execution failed";
    case lt::NOT_SUPPORTED: return "not supported";
    default: return "unknown status";
  }
}

} // extern "C"
