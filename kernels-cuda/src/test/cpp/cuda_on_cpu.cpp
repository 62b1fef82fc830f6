// Fibers, barriers and shared memory of cuda_on_cpu.h. Compiled without sanitizers: they know nothing of fibers.
#include "cuda_on_cpu.h"

#include <link.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

cuda_on_cpu::Index threadIdx, blockIdx, blockDim, gridDim;

namespace cuda_on_cpu {
namespace {

constexpr size_t STACK = 256 << 10;

/** A place to go on from. GCC's own setjmp: 100 times cheaper here than swapcontext, which AddressSanitizer intercepts. */
using Place = void* [5];

[[gnu::noinline, noreturn]] void goTo(Place& place) { __builtin_longjmp(place, 1); }

/** Comes back when something goes to `from`. */
[[gnu::noinline]] void change(Place& from, Place& to) {
  if (__builtin_setjmp(from) == 0) {
    goTo(to);
  }
}

struct Thread {
  Index index;
  Place place;
  bool started; // its fiber runs, for this block or an earlier one
  bool done;
  const char* waitsAt; // null: may run
  int shown;           // how often
};

const char* kernelName;
const std::function<void()>* body;
std::vector<Thread> threads; // as many as the largest block has had
int blockSize;
int running;
Place scheduler;
std::vector<Slot> slots; // [2][blockSize]: a lane may show its next while others still look at the last

std::string threadName(int i) {
  const Index& t = threads[i].index;
  return "thread (" + std::to_string(t.x) + ", " + std::to_string(t.y) + ", " + std::to_string(t.z) + ")";
}

/** A fiber: the same thread of one block after another. */
void run() {
  for (;;) {
    (*body)();
    threads[running].done = true;
    change(threads[running].place, scheduler);
  }
}

void start() {
  Thread& t = threads[running];
  void* stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) {
    fail("no memory for its stack");
  }
  ucontext_t fiber;
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack;
  fiber.uc_stack.ss_size = STACK;
  makecontext(&fiber, run, 0);
  t.started = true;
  setcontext(&fiber);
}

[[gnu::noinline]] void resume(int i) {
  running = i;
  threadIdx = threads[i].index;
  if (__builtin_setjmp(scheduler) == 0) {
    if (threads[i].started) {
      goTo(threads[i].place);
    }
    start();
  }
}

/** Waits until `count` threads from `first` on have come to the same operation. */
void waitFor(const char* operation, int first, int count) {
  Thread& self = threads[running];
  self.waitsAt = operation;
  bool all = true;
  for (int i = first; i < first + count; i++) {
    const Thread& other = threads[i];
    if (other.done) {
      fail((std::string(operation) + ": " + threadName(i) + " has returned and will not come to it").c_str());
    }
    bool elsewhere = other.waitsAt != nullptr && other.waitsAt != operation && strcmp(other.waitsAt, operation) != 0;
    if (other.waitsAt == nullptr || (elsewhere && i / 32 != running / 32)) {
      all = false; // another warp may have something to do before it comes to a barrier
    } else if (elsewhere) {
      fail((std::string(operation) + ": " + threadName(i) + " waits at " + other.waitsAt).c_str());
    }
  }
  if (!all) {
    change(self.place, scheduler);
    return;
  }
  for (int i = first; i < first + count; i++) {
    threads[i].waitsAt = nullptr;
  }
}

/** Fills all __shared__ variables with NaN: they are this program's thread-local storage, which holds nothing else. */
int poison(dl_phdr_info* object, size_t, void*) {
  for (int i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type == PT_TLS) {
      memset(object->dlpi_tls_data, 0xff, object->dlpi_phdr[i].p_memsz);
    }
  }
  return 1; // the first object is the program
}

void runBlock(Order order) {
  dl_iterate_phdr(poison, nullptr);
  for (int i = 0; i < blockSize; i++) {
    Thread& t = threads[i];
    t.done = false;
    t.waitsAt = nullptr;
    t.shown = 0;
    unsigned n = i;
    t.index = Index{n % blockDim.x, n / blockDim.x % blockDim.y, n / blockDim.x / blockDim.y};
  }
  for (bool progress = true; progress;) {
    progress = false;
    for (int n = 0; n < blockSize; n++) {
      int i = order == Order::FORWARD ? n : blockSize - 1 - n;
      if (!threads[i].done && threads[i].waitsAt == nullptr) {
        resume(i);
        progress = true;
      }
    }
  }
  std::map<std::string, int> waiting;
  for (int i = 0; i < blockSize; i++) {
    if (!threads[i].done) {
      waiting[threads[i].waitsAt]++;
    }
  }
  std::string stuck;
  for (const auto& [operation, n] : waiting) {
    stuck += std::to_string(n) + " threads wait for others at " + operation + "; ";
  }
  if (!stuck.empty()) {
    fail((stuck + "none can go on").c_str());
  }
}

} // namespace

unsigned lane() { return running % 32; }

void blockBarrier() { waitFor("__syncthreads", 0, blockSize); }

Slot& ownSlot() { return slots[threads[running].shown % 2 * blockSize + running]; }

const Slot* meet(const char* operation, unsigned mask) {
  if (mask != 0xffffffffu) {
    fail((std::string(operation) + ": a mask of less than a warp, which cuda_on_cpu does not know").c_str());
  }
  int first = running / 32 * 32;
  int half = threads[running].shown++ % 2 * blockSize;
  waitFor(operation, first, 32);
  return &slots[half + first];
}

void fail(const char* what) {
  fflush(stdout);
  fprintf(stderr, "%s, block (%u, %u, %u), %s: %s\n", kernelName, blockIdx.x, blockIdx.y, blockIdx.z, threadName(running).c_str(), what);
  _exit(1);
}

void launch(const char* name, Index grid, Index block, Order order, const std::function<void()>& kernel) {
  kernelName = name;
  body = &kernel;
  gridDim = grid;
  blockDim = block;
  blockSize = static_cast<int>(block.x * block.y * block.z);
  if (blockSize % 32 != 0) {
    fail("a block that is not of whole warps, which cuda_on_cpu does not know");
  }
  threads.resize(std::max<size_t>(threads.size(), blockSize));
  slots.resize(2 * blockSize);
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = Index{x, y, z};
        runBlock(order);
      }
    }
  }
}

} // namespace cuda_on_cpu

/**
 * Fragments as in the PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type": element (row, k) of A is in lane 4 (row % 8) + k % 8 / 2, its
 * register row / 8 + 2 (k / 8), half k % 2; (k, column) of B in lane 4 column + k % 8 / 2, register k / 8, half k % 2; element i of D is row lane / 4 + 8 (i /
 * 2), column 2 (lane % 4) + i % 2.
 */
void multiplyAdd(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
  using namespace cuda_on_cpu;
  struct Fragments {
    unsigned a[4], b[2];
  };
  auto lanes = show("mma.m16n8k16", 0xffffffffu, Fragments{{a[0], a[1], a[2], a[3]}, {b0, b1}});
  auto widen = [](unsigned pair, int half) { return static_cast<double>(__uint_as_float(half ? pair & 0xffff0000u : pair << 16)); };
  for (int i = 0; i < 4; i++) {
    int row = lane() / 4 + 8 * (i / 2);
    int column = lane() % 4 * 2 + i % 2;
    double sum = d[i];
    for (int k = 0; k < 16; k++) {
      sum += widen(lanes[row % 8 * 4 + k % 8 / 2].a[row / 8 + k / 8 * 2], k % 2) * widen(lanes[column * 4 + k % 8 / 2].b[k / 8], k % 2);
    }
    d[i] = static_cast<float>(sum);
  }
}
