// What tests ask of the stand-in and tell it.
#include <sys/mman.h>

#include "state.h"

using namespace standin;

extern "C" {

/** Prepares devices of that much memory each; how many kernels the program has, or -1 before standin_stop of an earlier start. */
int standin_start(const char* program, uint64_t bytes) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  if (!state().program.empty()) {
    return -1;
  }
  state().kernels = listKernels(program);
  state().program = program;
  state().bytes = bytes;
  state().deviceCount = 2;
  state().version = 13010;
  return static_cast<int>(state().kernels.size());
}

/** Forgets everything, as the end of a process would. */
int standin_stop() {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  State& s = state();
  for (auto& [handle, context] : s.contexts.all) {
    context->emulator.stop();
  }
  for (auto& device : s.devices) {
    device->allocated.clear();
    device->context = 0;
    device->leaked = 0;
  }
  for (auto& [address, block] : s.pinned) {
    // Still mapped, since somebody may read it by mistake, but no longer there.
    madvise(reinterpret_cast<void*>(address), block.bytes, MADV_DONTNEED);
  }
  s.pinned.clear();
  s.events.all.clear();
  s.streams.all.clear();
  s.graphs.all.clear();
  s.executables.all.clear();
  s.functions.all.clear();
  s.modules.all.clear();
  s.contexts.all.clear();
  s.failures.clear();
  s.message.clear();
  s.program.clear();
  s.initialized = false;
  return 0;
}

int standin_devices(int count) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  state().deviceCount = count;
  return 0;
}

/** How many operations are queued on streams and not done yet. */
int64_t standin_waiting() {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  int64_t waiting = 0;
  for (auto& [handle, stream] : state().streams.all) {
    waiting += stream->queued - stream->done;
  }
  return waiting;
}

int standin_version(int version) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  state().version = version;
  return 0;
}

/** Makes the next call of a function, named without its version, return an error. */
int standin_fail_next(const char* function, int error) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  state().failures[function] = error;
  return 0;
}

/** Copies why the last call was refused. */
int standin_message(char* text, size_t length) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  text[state().message.copy(text, length - 1)] = 0;
  return 0;
}

/** How many there are of a kind; -1 for a kind it does not know. */
int64_t standin_count(const char* kind) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  State& s = state();
  size_t allocations = 0;
  for (const auto& device : s.devices) {
    allocations += device->allocated.size() + device->leaked;
  }
  size_t pinned = 0;
  for (const auto& [address, block] : s.pinned) {
    pinned += !block.freed;
  }
  int64_t retained = 0;
  for (const auto& [handle, context] : s.contexts.all) {
    retained += context->retained;
  }
  const std::map<std::string, int64_t> counts = {
      {"allocations", allocations},          {"pinned", pinned},
      {"streams", s.streams.all.size()},     {"events", s.events.all.size()},
      {"modules", s.modules.all.size()},     {"graphs", s.graphs.all.size()},
      {"contexts", retained},                {"executables", s.executables.all.size()},
  };
  auto found = counts.find(kind);
  return found == counts.end() ? -1 : found->second;
}

} // extern "C"
