/* Kernels by name, called with arguments as the driver takes them: 8 bytes each, of which the parameter's type says how many count. */
#pragma once

#include <stdint.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "../cuda_on_cpu.h"

namespace gpu {

struct Entry {
  const char* file; // without .cu
  size_t parameters;
  std::function<void(const uint64_t*)> call;
};

std::map<std::string, Entry>& entries();

template <typename P>
P argument(const uint64_t& bits) {
  P value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

template <typename... P, size_t... I>
void call(void (*kernel)(P...), const uint64_t* arguments, std::index_sequence<I...>) {
  kernel(argument<P>(arguments[I])...);
}

template <typename... P>
bool add(const char* file, const char* name, void (*kernel)(P...)) {
  return entries()
      .emplace(name, Entry{file, sizeof...(P), [kernel](const uint64_t* arguments) { call(kernel, arguments, std::index_sequence_for<P...>{}); }})
      .second;
}

} // namespace gpu
