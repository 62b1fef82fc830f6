// Runs the checks that are named, or all; --seed N repeats a run. "mistake NAME" runs a kernel that must end it.
#include "check.h"

#include <stdlib.h>
#include <time.h>

#include <map>

namespace check {

uint64_t seed;

namespace {
uint64_t firstSeed;
}

void failed(const std::string& message) {
  fflush(stdout);
  fprintf(stderr, "%s; repeat it with --seed %llu\n", message.c_str(), static_cast<unsigned long long>(firstSeed));
  _Exit(1);
}

} // namespace check

/** Leaks are of no interest, and looking for them fails under a debugger. */
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int count, char** arguments) {
  const std::map<std::string, void (*)()> checks = {
      {"accumulate", check::accumulate},
      {"activation", check::activation},
      {"add_layer_norm", check::addLayerNorm},
      {"attention", check::attention}, {"attention_any", check::attentionAny},
      {"cast", check::cast},
      {"embed", check::embed},
      {"normalize", check::normalize},
      {"pool", check::pool},
  };
  std::vector<std::string> names(arguments + 1, arguments + count);
  check::firstSeed = static_cast<uint64_t>(time(nullptr));
  if (names.size() >= 2 && names[0] == "--seed") {
    check::firstSeed = strtoull(names[1].c_str(), nullptr, 10);
    names.erase(names.begin(), names.begin() + 2);
  }
  if (names.empty()) {
    for (const auto& [name, run] : checks) {
      names.push_back(name);
    }
  }
  if (names.size() == 2 && names[0] == "mistake") {
    check::mistake(names[1]);
    return 0;
  }
  printf("seed %llu\n", static_cast<unsigned long long>(check::firstSeed));
  for (const std::string& name : names) {
    if (checks.count(name) == 0) {
      check::failed("there is no check for " + name + ".cu; write one and name it in checks.cpp");
    }
    check::seed = check::firstSeed;
    checks.at(name)();
  }
}
