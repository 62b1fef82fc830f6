/*
 * What the stand-in for a CUDA driver knows: devices, contexts and everything with a handle. One lock guards all. Handles are numbers that are never used twice, so that
 * one that was destroyed is always noticed.
 */
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "codes.h"
#include "emulator.h"

namespace standin {

using Handle = uint64_t;

Handle newHandle();

template <typename T>
class Registry {
public:
  Handle add(std::shared_ptr<T> value) {
    Handle handle = newHandle();
    all.emplace(handle, std::move(value));
    return handle;
  }

  /** Null for what is unknown. */
  std::shared_ptr<T> find(Handle handle) const {
    auto found = all.find(handle);
    return found == all.end() ? nullptr : found->second;
  }

  std::map<Handle, std::shared_ptr<T>> all;
};

struct Context;

struct Device {
  int ordinal;
  Address base;
  std::map<Address, uint64_t> allocated; // address to bytes
  Handle context = 0;                    // its primary one, 0 while nobody retains it
  size_t leaked = 0;                     // allocations that contexts left behind
};

struct Context {
  Device* device;
  int retained = 0;
  int broken = SUCCESS; // what all calls return since a kernel failed
  Emulator emulator;
};

struct Stream;

/** Queued work, and how many microseconds it is said to take. */
struct Op {
  std::function<int(Stream&)> run;
  double micros;
};

struct Graph {
  std::shared_ptr<Context> context;
  std::vector<Op> ops;
};

struct Stream {
  std::shared_ptr<Context> context;
  std::deque<Op> queue;
  uint64_t queued = 0;
  uint64_t done = 0;
  double clock = 0;                     // microseconds
  std::shared_ptr<Graph> recording;     // null: not capturing
  std::thread::id capturer;
  bool invalidated = false;             // the capture
};

struct Event {
  std::shared_ptr<Context> context;
  bool timed;
  std::shared_ptr<Stream> stream; // where it was recorded last; null: never
  uint64_t after = 0;             // how many of the stream's ops must be done for it
  double time = 0;
};

struct Module {
  std::shared_ptr<Context> context;
  std::string file; // empty: any kernel may be asked for
  bool loaded = true;
  std::vector<Handle> functions;
};

struct Function {
  std::shared_ptr<Module> module;
  std::string name;
  size_t parameters;
};

/** Page-locked memory, which stays mapped after it was freed: a late access is then noticed, and does not end the process. */
struct Pinned {
  uint64_t bytes;
  bool freed;
};

struct State {
  std::recursive_mutex lock;
  std::string program;
  uint64_t bytes = 0; // of each device
  std::map<std::string, Kernel> kernels;
  bool initialized = false;
  int deviceCount = 2;
  int version = 13010; // of the driver
  std::vector<std::unique_ptr<Device>> devices;
  Registry<Context> contexts;
  Registry<Stream> streams;
  Registry<Event> events;
  Registry<Module> modules;
  Registry<Function> functions;
  Registry<Graph> graphs;
  Registry<Graph> executables;
  std::map<Address, Pinned> pinned;
  std::map<std::string, int> failures; // function to the error of its next call
  std::string message;                 // why the last call was refused
};

State& state();

/** Keeps why, for people. */
int refuse(int error, const std::string& why);

/** The calling thread's context; null if it has none. */
std::shared_ptr<Context> currentContext();
void setCurrentContext(Handle context);

/** The error that a test wished for, or 0. */
int wished(const std::string& function);

/** What a call may not be made without, or in. */
enum Rule {
  INITIALIZED,    // needs cuInit
  IN_CONTEXT,     // and a current context that works
  NOT_IN_CAPTURE, // and no capture by this thread
};

/** 0, or why a call is refused before it is looked at. */
int admit(const char* function, Rule rule, std::shared_ptr<Context>& context);

template <typename Body>
int call(const char* function, Rule rule, Body body) {
  std::lock_guard<std::recursive_mutex> hold(state().lock);
  std::shared_ptr<Context> context;
  int refused = admit(function, rule, context);
  return refused != SUCCESS ? refused : body(context);
}

/** Whether these bytes lie within one allocation of the context's device. */
bool onDevice(const Context& context, Address at, uint64_t bytes);

/** Whether these bytes lie within page-locked memory. */
bool isPinned(Address at, uint64_t bytes);

/** Whether a number is an address of any device's memory. */
bool looksLikeAddress(uint64_t value);

/** The stream, if it belongs to the context; the null stream is refused. */
int streamOf(Handle handle, const std::shared_ptr<Context>& context, std::shared_ptr<Stream>& stream);

/** Queues work, or records it. */
int enqueue(Stream& stream, Op op);

/** Does what was queued until that many ops are done; the context's error. */
int runUntil(Stream& stream, uint64_t count);

} // namespace standin
