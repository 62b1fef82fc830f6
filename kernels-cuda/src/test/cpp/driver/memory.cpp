// Memory on the device and of the process, and copies between them.
#include <string.h>
#include <sys/mman.h>

#include <algorithm>

#include "state.h"

namespace standin {
namespace {

constexpr uint64_t BORDER = 256;
constexpr uint64_t MOST = 1ull << 40;

/** NaN, of floats and of bfloat16, and no use as a number of rows. */
constexpr int GARBAGE = 0xff;

constexpr double BYTES_PER_MICROSECOND = 50e3;

/** With what lies behind an allocation and must stay as it is. */
uint64_t withGuard(uint64_t bytes) { return (bytes + BORDER - 1) / BORDER * BORDER + BORDER; }

bool guardHolds(Address address, uint64_t bytes) {
  const uint8_t* guard = reinterpret_cast<const uint8_t*>(address);
  return std::all_of(guard + bytes, guard + withGuard(bytes), [](uint8_t value) { return value == GARBAGE; });
}

uint64_t used(const Device& device) {
  uint64_t sum = 0;
  for (const auto& [address, bytes] : device.allocated) {
    sum += withGuard(bytes);
  }
  return sum;
}

/** First fit; 0 if there is no gap as large. */
Address place(const Device& device, uint64_t bytes) {
  Address at = device.base;
  for (const auto& [start, size] : device.allocated) {
    if (start - at >= withGuard(bytes)) {
      return at;
    }
    at = start + withGuard(size);
  }
  return at + withGuard(bytes) <= device.base + state().bytes ? at : 0;
}

/** A copy, checked when it is asked for and when it is done. */
int copy(const std::shared_ptr<Context>& context, Address device, Address host, uint64_t bytes, Handle onto, bool in) {
  std::shared_ptr<Stream> stream;
  if (int error = streamOf(onto, context, stream)) {
    return error;
  }
  if (!onDevice(*context, device, bytes)) {
    return refuse(INVALID_VALUE, "a copy that does not lie within an allocation of this context");
  }
  if (!isPinned(host, bytes)) {
    return refuse(INVALID_VALUE, "a copy on a stream from or to memory that is not page-locked");
  }
  auto run = [device, host, bytes, in](Stream& s) -> int {
    if (!onDevice(*s.context, device, bytes) || !isPinned(host, bytes)) {
      return refuse(ILLEGAL_ADDRESS, "memory was freed before a copy was done");
    }
    memcpy(reinterpret_cast<void*>(in ? device : host), reinterpret_cast<const void*>(in ? host : device), bytes);
    return SUCCESS;
  };
  return enqueue(*stream, Op{run, 2 + static_cast<double>(bytes) / BYTES_PER_MICROSECOND});
}

} // namespace
} // namespace standin

using namespace standin;

extern "C" {

int cuMemGetInfo_v2(size_t* free, size_t* total) {
  return call(__func__, IN_CONTEXT, [&](auto& context) {
    *total = state().bytes;
    *free = state().bytes - used(*context->device);
    return SUCCESS;
  });
}

int cuMemAlloc_v2(Address* address, size_t bytes) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    if (bytes == 0) {
      return refuse(INVALID_VALUE, "no bytes to allocate");
    }
    Address at = bytes > state().bytes ? 0 : place(*context->device, bytes);
    if (at == 0) {
      return refuse(OUT_OF_MEMORY, "the device has no " + std::to_string(bytes) + " bytes in one piece");
    }
    context->device->allocated.emplace(at, bytes);
    memset(reinterpret_cast<void*>(at), GARBAGE, withGuard(bytes));
    *address = at;
    return SUCCESS;
  });
}

int cuMemFree_v2(Address address) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    auto found = context->device->allocated.find(address);
    if (found == context->device->allocated.end()) {
      return refuse(INVALID_VALUE, "an address that this context did not allocate");
    }
    bool holds = guardHolds(address, found->second);
    memset(reinterpret_cast<void*>(address), GARBAGE, withGuard(found->second));
    context->device->allocated.erase(found);
    return holds ? SUCCESS : context->broken = refuse(ILLEGAL_ADDRESS, "something wrote behind the end of an allocation");
  });
}

int cuMemsetD8Async(Address to, unsigned char value, size_t bytes, Handle onto) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(onto, context, stream)) {
      return error;
    }
    if (!onDevice(*context, to, bytes)) {
      return refuse(INVALID_VALUE, "a memset that does not lie within an allocation of this context");
    }
    auto run = [to, value, bytes](Stream& s) -> int {
      if (!onDevice(*s.context, to, bytes)) {
        return refuse(ILLEGAL_ADDRESS, "memory was freed before a memset was done");
      }
      memset(reinterpret_cast<void*>(to), value, bytes);
      return SUCCESS;
    };
    return enqueue(*stream, Op{run, 2});
  });
}

int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Handle onto) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(onto, context, stream)) {
      return error;
    }
    auto run = [to, from, bytes](Stream& s) -> int {
      if (!onDevice(*s.context, to, bytes) || !onDevice(*s.context, from, bytes)) {
        return refuse(ILLEGAL_ADDRESS, "a copy that does not lie within allocations of its context");
      }
      memmove(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), bytes);
      return SUCCESS;
    };
    return enqueue(*stream, Op{run, 2});
  });
}

int cuMemHostAlloc(void** address, size_t bytes, unsigned flags) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto&) -> int {
    if (bytes == 0 || (flags & ~(MEMHOSTALLOC_PORTABLE | MEMHOSTALLOC_DEVICEMAP | MEMHOSTALLOC_WRITECOMBINED)) != 0) {
      return refuse(INVALID_VALUE, "no bytes to allocate, or unknown flags");
    }
    void* block = bytes > MOST ? MAP_FAILED : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
      return refuse(OUT_OF_MEMORY, "the process has no " + std::to_string(bytes) + " bytes");
    }
    memset(block, GARBAGE, bytes);
    state().pinned[reinterpret_cast<Address>(block)] = Pinned{bytes, false};
    *address = block;
    return SUCCESS;
  });
}

int cuMemFreeHost(void* address) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto&) -> int {
    auto found = state().pinned.find(reinterpret_cast<Address>(address));
    if (found == state().pinned.end() || found->second.freed) {
      return refuse(INVALID_VALUE, "memory that is not page-locked");
    }
    memset(address, GARBAGE, found->second.bytes);
    found->second.freed = true;
    return SUCCESS;
  });
}

int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, Handle stream) {
  return call(__func__, IN_CONTEXT, [&](auto& context) { return copy(context, to, reinterpret_cast<Address>(from), bytes, stream, true); });
}

int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, Handle stream) {
  return call(__func__, IN_CONTEXT, [&](auto& context) { return copy(context, from, reinterpret_cast<Address>(to), bytes, stream, false); });
}

} // extern "C"
