// Streams, events and graphs.
#include "state.h"

using namespace standin;

namespace standin {
namespace {

template <typename T>
int destroy(Registry<T>& registry, Handle handle, const std::shared_ptr<Context>& context, const char* what) {
  auto found = registry.find(handle);
  if (found == nullptr || found->context != context) {
    return refuse(INVALID_HANDLE, std::string("an unknown ") + what);
  }
  registry.all.erase(handle);
  return SUCCESS;
}

bool isDone(const Event& event) { return event.stream != nullptr && event.stream->done >= event.after; }

} // namespace
} // namespace standin

extern "C" {

int cuStreamCreate(Handle* stream, unsigned flags) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    if (flags != STREAM_NON_BLOCKING) {
      return refuse(INVALID_VALUE, "a stream that the null stream waits for, or unknown flags");
    }
    auto made = std::make_shared<Stream>();
    made->context = context;
    *stream = state().streams.add(made);
    return SUCCESS;
  });
}

int cuStreamDestroy_v2(Handle handle) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(handle, context, stream)) {
      return error;
    }
    runUntil(*stream, stream->queued);
    state().streams.all.erase(handle);
    return SUCCESS;
  });
}

int cuStreamSynchronize(Handle handle) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(handle, context, stream)) {
      return error;
    }
    if (stream->recording != nullptr) {
      stream->invalidated = true;
      return refuse(STREAM_CAPTURE_UNSUPPORTED, "waiting for a stream that captures");
    }
    return runUntil(*stream, stream->queued);
  });
}

int cuStreamBeginCapture_v2(Handle handle, int mode) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(handle, context, stream)) {
      return error;
    }
    if (mode != CAPTURE_MODE_THREAD_LOCAL) {
      return refuse(INVALID_VALUE, "a mode of capture that the stand-in does not know");
    }
    if (stream->recording != nullptr) {
      return refuse(ILLEGAL_STATE, "a stream that captures already");
    }
    stream->recording = std::make_shared<Graph>(Graph{context, {}});
    stream->capturer = std::this_thread::get_id();
    stream->invalidated = false;
    return SUCCESS;
  });
}

int cuStreamEndCapture(Handle handle, Handle* graph) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    *graph = 0;
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(handle, context, stream)) {
      return error;
    }
    if (stream->recording == nullptr) {
      return refuse(ILLEGAL_STATE, "a stream that does not capture");
    }
    if (stream->capturer != std::this_thread::get_id()) {
      return refuse(STREAM_CAPTURE_WRONG_THREAD, "a capture that another thread began");
    }
    std::shared_ptr<Graph> recorded = std::move(stream->recording);
    stream->recording = nullptr;
    if (stream->invalidated) {
      return refuse(STREAM_CAPTURE_INVALIDATED, "the capture was broken off by an earlier call");
    }
    *graph = state().graphs.add(recorded);
    return SUCCESS;
  });
}

int cuGraphInstantiateWithFlags(Handle* executable, Handle graph, unsigned long long flags) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    auto found = state().graphs.find(graph);
    if (found == nullptr || found->context != context || flags != 0) {
      return refuse(INVALID_VALUE, flags != 0 ? "flags that the stand-in does not know" : "an unknown graph");
    }
    *executable = state().executables.add(std::make_shared<Graph>(*found));
    return SUCCESS;
  });
}

int cuGraphLaunch(Handle executable, Handle onto) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(onto, context, stream)) {
      return error;
    }
    auto found = state().executables.find(executable);
    if (found == nullptr || found->context != context) {
      return refuse(INVALID_VALUE, "an unknown executable graph");
    }
    for (const Op& op : found->ops) {
      if (int error = enqueue(*stream, op)) {
        return error;
      }
    }
    return SUCCESS;
  });
}

int cuGraphDestroy(Handle graph) {
  return call(__func__, IN_CONTEXT, [&](auto& context) { return destroy(state().graphs, graph, context, "graph"); });
}

int cuGraphExecDestroy(Handle executable) {
  return call(__func__, IN_CONTEXT, [&](auto& context) { return destroy(state().executables, executable, context, "executable graph"); });
}

int cuEventCreate(Handle* event, unsigned flags) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    if ((flags & ~(EVENT_BLOCKING_SYNC | EVENT_DISABLE_TIMING)) != 0) {
      return refuse(INVALID_VALUE, "unknown flags of an event");
    }
    *event = state().events.add(std::make_shared<Event>(Event{context, (flags & EVENT_DISABLE_TIMING) == 0, nullptr}));
    return SUCCESS;
  });
}

int cuEventRecord(Handle handle, Handle onto) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(onto, context, stream)) {
      return error;
    }
    auto event = state().events.find(handle);
    if (event == nullptr || event->context != context) {
      return refuse(INVALID_HANDLE, "an unknown event");
    }
    if (stream->recording != nullptr) {
      stream->invalidated = true;
      return refuse(STREAM_CAPTURE_UNSUPPORTED, "an event in a capture, which the stand-in does not know");
    }
    auto run = [event](Stream& s) {
      event->time = s.clock;
      return SUCCESS;
    };
    int error = enqueue(*stream, Op{run, 0});
    event->stream = stream;
    event->after = stream->queued;
    return error;
  });
}

int cuEventSynchronize(Handle handle) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    auto event = state().events.find(handle);
    if (event == nullptr || event->context != context) {
      return refuse(INVALID_HANDLE, "an unknown event");
    }
    return event->stream == nullptr ? SUCCESS : runUntil(*event->stream, event->after);
  });
}

int cuEventElapsedTime_v2(float* milliseconds, Handle first, Handle second) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    auto begin = state().events.find(first);
    auto end = state().events.find(second);
    for (const auto& event : {begin, end}) {
      if (event == nullptr || event->context != context || !event->timed || event->stream == nullptr) {
        return refuse(INVALID_HANDLE, "an event that is unknown, was not recorded or takes no time");
      }
      if (!isDone(*event)) {
        return refuse(NOT_READY, "an event that has not happened");
      }
    }
    if (begin->stream != end->stream) {
      return refuse(INVALID_HANDLE, "events of two streams, which have no common time here");
    }
    *milliseconds = static_cast<float>((end->time - begin->time) / 1000);
    return SUCCESS;
  });
}

int cuEventDestroy_v2(Handle event) {
  return call(__func__, IN_CONTEXT, [&](auto& context) { return destroy(state().events, event, context, "event"); });
}

} // extern "C"
