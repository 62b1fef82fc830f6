// Runs kernels on memory that it shares with the process that started it, one launch after another as they are asked for on standard input:
//
//   gpu FILE BYTES ADDRESS     maps the file, that many bytes of it, at the address
//   gpu list                   prints each kernel's file, name and number of parameters instead
//
// A launch is 8-byte words: length of the name, the name filled with zeros to a whole word, blocks along x and y, threads of a block, number of arguments, arguments. The
// answer is one byte, when it is done; a mistake is told on standard error and ends the process.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "entries.h"

std::map<std::string, gpu::Entry>& gpu::entries() {
  static std::map<std::string, Entry> all;
  return all;
}

namespace {

[[noreturn]] void refuse(const std::string& what) {
  fprintf(stderr, "%s\n", what.c_str());
  exit(1);
}

/** Reads whole words; false at the end of the input. */
bool read(uint64_t* words, size_t count) { return fread(words, sizeof *words, count, stdin) == count; }

void launch(const std::string& name, const uint64_t* size, const std::vector<uint64_t>& arguments) {
  auto found = gpu::entries().find(name);
  if (found == gpu::entries().end()) {
    refuse("there is no kernel " + name);
  }
  const gpu::Entry& entry = found->second;
  if (entry.parameters != arguments.size()) {
    refuse(name + " takes " + std::to_string(entry.parameters) + " arguments, not " + std::to_string(arguments.size()));
  }
  cuda_on_cpu::Index grid{static_cast<unsigned>(size[0]), static_cast<unsigned>(size[1])};
  cuda_on_cpu::Index block{static_cast<unsigned>(size[2])};
  cuda_on_cpu::launch(name.c_str(), grid, block, cuda_on_cpu::Order::FORWARD, [&] { entry.call(arguments.data()); });
}

} // namespace

int main(int count, char** arguments) {
  if (count == 2 && arguments[1] == std::string("list")) {
    for (const auto& [name, entry] : gpu::entries()) {
      printf("%s %s %zu\n", entry.file, name.c_str(), entry.parameters);
    }
    return 0;
  }
  if (count != 4) {
    refuse("usage: gpu FILE BYTES ADDRESS, or gpu list");
  }
  int file = open(arguments[1], O_RDWR);
  size_t bytes = strtoull(arguments[2], nullptr, 10);
  void* address = reinterpret_cast<void*>(strtoull(arguments[3], nullptr, 10));
  if (file < 0 || mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0) != address) {
    refuse(std::string("cannot map ") + arguments[1]);
  }
  uint64_t length;
  while (read(&length, 1)) {
    std::vector<uint64_t> name((length + 7) / 8);
    uint64_t size[4];
    if (!read(name.data(), name.size()) || !read(size, 4)) {
      refuse("a launch ends early");
    }
    std::vector<uint64_t> launched(size[3]);
    if (!read(launched.data(), launched.size())) {
      refuse("a launch ends early");
    }
    launch(std::string(reinterpret_cast<char*>(name.data()), length), size, launched);
    putchar('.');
    fflush(stdout);
  }
  return 0;
}
