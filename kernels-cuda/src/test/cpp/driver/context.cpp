// Devices and contexts.
#include <stdio.h>
#include <string.h>

#include "state.h"

namespace standin {
namespace {

bool known(int device) { return device >= 0 && device < state().deviceCount; }

/** What a context held and nobody freed stays counted, unless it broke: then nothing could be freed. */
void dropAll(const std::shared_ptr<Context>& context) {
  auto drop = [&](auto& registry) {
    for (auto i = registry.all.begin(); i != registry.all.end();) {
      i = i->second->context == context ? registry.all.erase(i) : std::next(i);
    }
  };
  State& s = state();
  drop(s.events);
  drop(s.streams);
  drop(s.graphs);
  drop(s.executables);
  for (auto& [handle, module] : s.modules.all) {
    if (module->context == context) {
      for (Handle function : module->functions) {
        s.functions.all.erase(function);
      }
    }
  }
  drop(s.modules);
}

const char* errorName(int error) {
  switch (error) {
    case SUCCESS: return "CUDA_SUCCESS";
    case INVALID_VALUE: return "CUDA_ERROR_INVALID_VALUE";
    case OUT_OF_MEMORY: return "CUDA_ERROR_OUT_OF_MEMORY";
    case NOT_INITIALIZED: return "CUDA_ERROR_NOT_INITIALIZED";
    case INVALID_DEVICE: return "CUDA_ERROR_INVALID_DEVICE";
    case INVALID_IMAGE: return "CUDA_ERROR_INVALID_IMAGE";
    case INVALID_CONTEXT: return "CUDA_ERROR_INVALID_CONTEXT";
    case INVALID_HANDLE: return "CUDA_ERROR_INVALID_HANDLE";
    case ILLEGAL_STATE: return "CUDA_ERROR_ILLEGAL_STATE";
    case NOT_FOUND: return "CUDA_ERROR_NOT_FOUND";
    case NOT_READY: return "CUDA_ERROR_NOT_READY";
    case ILLEGAL_ADDRESS: return "CUDA_ERROR_ILLEGAL_ADDRESS";
    case CONTEXT_IS_DESTROYED: return "CUDA_ERROR_CONTEXT_IS_DESTROYED";
    case LAUNCH_FAILED: return "CUDA_ERROR_LAUNCH_FAILED";
    case NOT_SUPPORTED: return "CUDA_ERROR_NOT_SUPPORTED";
    case STREAM_CAPTURE_UNSUPPORTED: return "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
    case STREAM_CAPTURE_INVALIDATED: return "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED";
    case STREAM_CAPTURE_WRONG_THREAD: return "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD";
    case UNKNOWN: return "CUDA_ERROR_UNKNOWN";
    default: return nullptr;
  }
}

} // namespace
} // namespace standin

using namespace standin;

extern "C" {

int cuInit(unsigned flags) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  if (int error = wished(__func__)) {
    return error;
  }
  if (flags != 0) {
    return refuse(INVALID_VALUE, "cuInit takes no flags");
  }
  if (state().program.empty()) {
    return refuse(UNKNOWN, "cuInit before standin_start");
  }
  state().initialized = true;
  return SUCCESS;
}

/** Not documented: NVRTC asks for it where it finds a driver. A table begins with its size in bytes; this one has nothing else. */
int cuGetExportTable(const void** table, const void*) {
  static const uint64_t size = sizeof size;
  *table = &size;
  return SUCCESS;
}

int cuDriverGetVersion(int* version) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  if (int error = wished(__func__)) {
    return error;
  }
  *version = state().version;
  return SUCCESS;
}

int cuDeviceGetCount(int* count) {
  return call(__func__, INITIALIZED, [&](auto&) {
    *count = state().deviceCount;
    return SUCCESS;
  });
}

int cuDeviceGet(int* device, int ordinal) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    *device = ordinal;
    return known(ordinal) ? SUCCESS : refuse(INVALID_DEVICE, "an unknown device");
  });
}

int cuDeviceGetName(char* name, int length, int device) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    if (!known(device) || length < 1) {
      return refuse(known(device) ? INVALID_VALUE : INVALID_DEVICE, "name of an unknown device");
    }
    snprintf(name, length, "Stand-in");
    return SUCCESS;
  });
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    if (!known(device)) {
      return refuse(INVALID_DEVICE, "attribute of an unknown device");
    }
    static const std::map<int, int> values = {
        {COMPUTE_CAPABILITY_MAJOR, 9}, {COMPUTE_CAPABILITY_MINOR, 0}, {MULTIPROCESSOR_COUNT, 1}, {L2_CACHE_SIZE, 1 << 16}};
    auto found = values.find(attribute);
    if (found == values.end()) {
      return refuse(INVALID_VALUE, "an attribute that the stand-in does not know");
    }
    *value = found->second;
    return SUCCESS;
  });
}

int cuDevicePrimaryCtxRetain(Handle* handle, int device) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    if (!known(device)) {
      return refuse(INVALID_DEVICE, "context of an unknown device");
    }
    Device& d = *state().devices[device];
    if (d.context == 0) {
      auto context = std::make_shared<Context>();
      context->device = &d;
      std::string wrong = context->emulator.start(state().program, state().bytes, d.base);
      if (!wrong.empty()) {
        return refuse(UNKNOWN, wrong);
      }
      d.context = state().contexts.add(context);
    }
    state().contexts.find(d.context)->retained++;
    *handle = d.context;
    return SUCCESS;
  });
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    if (!known(device)) {
      return refuse(INVALID_DEVICE, "context of an unknown device");
    }
    Device& d = *state().devices[device];
    auto context = state().contexts.find(d.context);
    if (context == nullptr) {
      return refuse(INVALID_CONTEXT, "a context that nobody retains");
    }
    if (--context->retained == 0) {
      state().contexts.all.erase(d.context);
      d.context = 0;
      if (context->broken != SUCCESS) {
        dropAll(context);
      } else {
        d.leaked += d.allocated.size();
      }
      d.allocated.clear();
      context->emulator.stop();
    }
    return SUCCESS;
  });
}

int cuCtxSetCurrent(Handle context) {
  return call(__func__, INITIALIZED, [&](auto&) -> int {
    if (context != 0 && state().contexts.find(context) == nullptr) {
      return refuse(INVALID_CONTEXT, "an unknown context");
    }
    setCurrentContext(context);
    return SUCCESS;
  });
}

int cuGetErrorName(int error, const char** text) {
  *text = errorName(error);
  return *text == nullptr ? INVALID_VALUE : SUCCESS;
}

int cuGetErrorString(int error, const char** text) {
  *text = errorName(error);
  if (*text != nullptr && error != SUCCESS) {
    *text = "the stand-in refused a call";
  }
  return *text == nullptr ? INVALID_VALUE : SUCCESS;
}

} // extern "C"
