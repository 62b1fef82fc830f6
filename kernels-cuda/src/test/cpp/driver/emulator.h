/* The program that runs kernels on the CPU, as a process that shares a device's memory. */
#pragma once

#include <stdint.h>

#include <map>
#include <string>
#include <vector>

namespace standin {

using Address = uint64_t;

/** A kernel as the program lists it. */
struct Kernel {
  std::string file;
  size_t parameters;
};

/** What the program has, by name; empty if it cannot be run. */
std::map<std::string, Kernel> listKernels(const std::string& program);

class Emulator {
public:
  Emulator() = default;
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  ~Emulator() { stop(); }

  /** Maps memory at the address, here and in a new process; says what went wrong, or nothing. */
  std::string start(const std::string& program, uint64_t bytes, Address address);

  /** Runs a kernel and waits for it; says what went wrong, or nothing. */
  std::string launch(const std::string& kernel, const uint64_t (&size)[3], const std::vector<uint64_t>& arguments);

  /** Ends the process and unmaps the memory. */
  void stop();

private:
  void* memory_ = nullptr;
  uint64_t bytes_ = 0;
  int errors_ = -1;
  int socket_ = -1;
  int process_ = -1;

  std::string spawn(const std::string& program, int memory);
  std::string log();
};

} // namespace standin
