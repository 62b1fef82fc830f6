#include "emulator.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

extern char** environ;

namespace standin {

std::map<std::string, Kernel> listKernels(const std::string& program) {
  std::map<std::string, Kernel> kernels;
  FILE* list = popen(("'" + program + "' list").c_str(), "r");
  if (list == nullptr) {
    return kernels;
  }
  char file[64];
  char name[64];
  size_t parameters;
  while (fscanf(list, "%63s %63s %zu", file, name, &parameters) == 3) {
    kernels[name] = Kernel{file, parameters};
  }
  pclose(list);
  return kernels;
}

std::string Emulator::start(const std::string& program, uint64_t bytes, Address address) {
  int memory = memfd_create("standin-memory", MFD_CLOEXEC);
  if (memory < 0 || ftruncate(memory, static_cast<off_t>(bytes)) != 0) {
    return std::string("no memory for the device: ") + strerror(errno);
  }
  void* wanted = reinterpret_cast<void*>(address);
  void* mapped = mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, memory, 0);
  if (mapped != wanted) {
    close(memory);
    return std::string("the device's memory cannot be mapped at its address: ") + strerror(errno);
  }
  memory_ = mapped;
  bytes_ = bytes;
  std::string wrong = spawn(program, memory);
  close(memory);
  return wrong;
}

/** The child has the memory as descriptor 3. Not fork: this is a process of many threads. */
std::string Emulator::spawn(const std::string& program, int memory) {
  int ends[2];
  errors_ = memfd_create("standin-errors", MFD_CLOEXEC);
  if (errors_ < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return std::string("no connection to the emulator: ") + strerror(errno);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // The highest first, since none of ours is below 3 and the memory's may be 3 itself.
  posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, errors_, 2);
  posix_spawn_file_actions_adddup2(&actions, memory, 3);
  std::string bytes = std::to_string(bytes_);
  std::string address = std::to_string(reinterpret_cast<Address>(memory_));
  std::string file = "/proc/self/fd/3";
  char* arguments[] = {const_cast<char*>(program.c_str()), file.data(), bytes.data(), address.data(), nullptr};
  int failed = posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  socket_ = ends[0];
  if (failed != 0) {
    process_ = -1;
    return program + " does not start: " + strerror(failed);
  }
  return "";
}

std::string Emulator::launch(const std::string& kernel, const uint64_t (&size)[3], const std::vector<uint64_t>& arguments) {
  std::vector<uint64_t> words(1 + (kernel.size() + 7) / 8);
  words[0] = kernel.size();
  memcpy(&words[1], kernel.data(), kernel.size());
  words.insert(words.end(), {size[0], size[1], size[2], arguments.size()});
  words.insert(words.end(), arguments.begin(), arguments.end());
  const char* bytes = reinterpret_cast<const char*>(words.data());
  for (size_t sent = 0; sent < words.size() * sizeof(uint64_t);) {
    ssize_t n = send(socket_, bytes + sent, words.size() * sizeof(uint64_t) - sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) {
      return log();
    }
    sent += n < 0 ? 0 : n;
  }
  char answer;
  ssize_t n;
  do {
    n = recv(socket_, &answer, 1, 0);
  } while (n < 0 && errno == EINTR);
  return n == 1 && answer == '.' ? "" : log();
}

std::string Emulator::log() {
  std::ifstream written("/proc/self/fd/" + std::to_string(errors_));
  std::string text((std::istreambuf_iterator<char>(written)), std::istreambuf_iterator<char>());
  return text.empty() ? "the emulator ended without a word" : text;
}

void Emulator::stop() {
  for (int* open : {&socket_, &errors_}) {
    if (*open >= 0) {
      close(*open);
      *open = -1;
    }
  }
  if (process_ > 0) {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
  }
  if (memory_ != nullptr) {
    munmap(memory_, bytes_);
    memory_ = nullptr;
  }
}

} // namespace standin
