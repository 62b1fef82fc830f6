#include "state.h"

namespace standin {

namespace {

constexpr Address BASE = 0x2000'0000'0000;
constexpr Address APART = 0x100'0000'0000; // from one device's memory to the next's
constexpr int MOST_DEVICES = 16;

thread_local Handle current;

} // namespace

Handle newHandle() {
  static Handle last = 0x7e00'0000'0000;
  return last += 64;
}

State& state() {
  // Never destroyed: threads may still call when the process ends.
  static State* all = [] {
    State* s = new State;
    for (int i = 0; i < MOST_DEVICES; i++) {
      s->devices.push_back(std::make_unique<Device>(Device{i, BASE + APART * i, {}}));
    }
    return s;
  }();
  return *all;
}

int refuse(int error, const std::string& why) {
  state().message = why;
  return error;
}

std::shared_ptr<Context> currentContext() { return state().contexts.find(current); }

void setCurrentContext(Handle context) { current = context; }

int wished(const std::string& function) {
  std::string name = function.substr(0, function.rfind("_v") == function.size() - 3 ? function.size() - 3 : function.size());
  auto found = state().failures.find(name);
  if (found == state().failures.end()) {
    return SUCCESS;
  }
  int error = found->second;
  state().failures.erase(found);
  return refuse(error, name + ": as the test wished");
}

int admit(const char* function, Rule rule, std::shared_ptr<Context>& context) {
  std::string name = function;
  if (int error = wished(name)) {
    return error;
  }
  if (!state().initialized) {
    return refuse(NOT_INITIALIZED, name + " before cuInit");
  }
  if (rule == INITIALIZED) {
    return SUCCESS;
  }
  context = currentContext();
  if (context == nullptr) {
    return current == 0 ? refuse(INVALID_CONTEXT, name + ": this thread has no context")
                        : refuse(CONTEXT_IS_DESTROYED, name + ": this thread's context was destroyed");
  }
  if (context->broken != SUCCESS) {
    return context->broken;
  }
  if (rule == IN_CONTEXT) {
    return SUCCESS;
  }
  for (const auto& [handle, stream] : state().streams.all) {
    if (stream->recording != nullptr && stream->capturer == std::this_thread::get_id()) {
      stream->invalidated = true;
      return refuse(STREAM_CAPTURE_UNSUPPORTED, name + " while this thread captures");
    }
  }
  return SUCCESS;
}

bool onDevice(const Context& context, Address at, uint64_t bytes) {
  const auto& allocated = context.device->allocated;
  auto next = allocated.upper_bound(at);
  if (next == allocated.begin()) {
    return false;
  }
  auto [start, size] = *std::prev(next);
  return at - start <= size && bytes <= size - (at - start);
}

bool isPinned(Address at, uint64_t bytes) {
  auto next = state().pinned.upper_bound(at);
  if (next == state().pinned.begin()) {
    return false;
  }
  const auto& [start, block] = *std::prev(next);
  return !block.freed && at - start <= block.bytes && bytes <= block.bytes - (at - start);
}

bool looksLikeAddress(uint64_t value) { return value >= BASE && value < BASE + APART * MOST_DEVICES; }

int streamOf(Handle handle, const std::shared_ptr<Context>& context, std::shared_ptr<Stream>& stream) {
  if (handle == 0) {
    return refuse(INVALID_HANDLE, "the null stream, which waits for all others");
  }
  stream = state().streams.find(handle);
  if (stream == nullptr || stream->context != context) {
    return refuse(INVALID_HANDLE, stream == nullptr ? "an unknown stream" : "a stream of another context");
  }
  return SUCCESS;
}

int enqueue(Stream& stream, Op op) {
  if (stream.recording != nullptr) {
    if (stream.invalidated) {
      return refuse(STREAM_CAPTURE_INVALIDATED, "the capture was broken off by an earlier call");
    }
    stream.recording->ops.push_back(std::move(op));
    return SUCCESS;
  }
  stream.queue.push_back(std::move(op));
  stream.queued++;
  return SUCCESS;
}

int runUntil(Stream& stream, uint64_t count) {
  Context& context = *stream.context;
  while (stream.done < count) {
    Op op = std::move(stream.queue.front());
    stream.queue.pop_front();
    if (context.broken == SUCCESS) {
      context.broken = op.run(stream);
    }
    stream.clock += op.micros;
    stream.done++;
  }
  return context.broken;
}

} // namespace standin
