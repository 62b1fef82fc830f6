// Modules, functions and launches.
#include <string.h>

#include "state.h"

namespace standin {
namespace {

struct Launch {
  std::shared_ptr<Function> function;
  uint64_t size[3];
  std::vector<uint64_t> arguments;
};

int run(const Launch& launch, Stream& stream) {
  const std::string& name = launch.function->name;
  Context& context = *stream.context;
  if (!launch.function->module->loaded) {
    return refuse(LAUNCH_FAILED, name + ": its module was unloaded before it ran");
  }
  for (uint64_t argument : launch.arguments) {
    if (looksLikeAddress(argument) && !onDevice(context, argument, 1)) {
      return refuse(ILLEGAL_ADDRESS, name + ": an argument is an address that this context has not allocated");
    }
  }
  std::string wrong = context.emulator.launch(name, launch.size, launch.arguments);
  return wrong.empty() ? SUCCESS : refuse(LAUNCH_FAILED, wrong);
}

int checkGrid(const unsigned (&grid)[3], const unsigned (&block)[3]) {
  for (int i = 0; i < 3; i++) {
    if (grid[i] == 0 || block[i] == 0) {
      return refuse(INVALID_VALUE, "an empty grid or block");
    }
  }
  if (grid[0] > 0x7fffffff || grid[1] > 65535 || grid[2] > 65535 || block[0] > 1024 || block[1] > 1024 || block[2] > 64 ||
      block[0] * block[1] * block[2] > 1024) {
    return refuse(INVALID_VALUE, "a grid or block that is too large");
  }
  if (grid[2] != 1 || block[1] != 1 || block[2] != 1) {
    return refuse(NOT_SUPPORTED, "a grid or block of more dimensions than the emulator knows");
  }
  return SUCCESS;
}

} // namespace
} // namespace standin

using namespace standin;

extern "C" {

int cuModuleLoadData(Handle* module, const void* image) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    std::string file;
    if (memcmp(image, "\177ELF", 4) != 0) {
      file = static_cast<const char*>(image);
      bool known = false;
      for (const auto& [name, kernel] : state().kernels) {
        known |= kernel.file == file;
      }
      if (!known) {
        return refuse(INVALID_IMAGE, "neither an ELF file nor the name of a kernel file");
      }
    }
    *module = state().modules.add(std::make_shared<Module>(Module{context, file, true, {}}));
    return SUCCESS;
  });
}

int cuModuleUnload(Handle handle) {
  return call(__func__, NOT_IN_CAPTURE, [&](auto& context) -> int {
    auto module = state().modules.find(handle);
    if (module == nullptr || module->context != context) {
      return refuse(INVALID_HANDLE, "an unknown module");
    }
    module->loaded = false;
    for (Handle function : module->functions) {
      state().functions.all.erase(function);
    }
    state().modules.all.erase(handle);
    return SUCCESS;
  });
}

int cuModuleGetFunction(Handle* function, Handle of, const char* name) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    auto module = state().modules.find(of);
    if (module == nullptr || module->context != context) {
      return refuse(INVALID_HANDLE, "an unknown module");
    }
    auto kernel = state().kernels.find(name);
    if (kernel == state().kernels.end() || (!module->file.empty() && module->file != kernel->second.file)) {
      return refuse(NOT_FOUND, std::string("the module has no kernel ") + name);
    }
    *function = state().functions.add(std::make_shared<Function>(Function{module, name, kernel->second.parameters}));
    module->functions.push_back(*function);
    return SUCCESS;
  });
}

int cuLaunchKernel(Handle handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared,
                   Handle onto, void** parameters, void** extra) {
  return call(__func__, IN_CONTEXT, [&](auto& context) -> int {
    std::shared_ptr<Stream> stream;
    if (int error = streamOf(onto, context, stream)) {
      return error;
    }
    auto function = state().functions.find(handle);
    if (function == nullptr || function->module->context != context) {
      return refuse(INVALID_HANDLE, "an unknown function");
    }
    if (int error = checkGrid({gridX, gridY, gridZ}, {blockX, blockY, blockZ})) {
      return error;
    }
    if (shared != 0 || extra != nullptr || (parameters == nullptr && function->parameters > 0)) {
      return refuse(INVALID_VALUE, function->name + ": shared memory or a form of parameters that it does not have");
    }
    Launch launch{function, {gridX, gridY, blockX}, {}};
    for (size_t i = 0; i < function->parameters; i++) {
      uint64_t argument;
      memcpy(&argument, parameters[i], sizeof argument);
      launch.arguments.push_back(argument);
    }
    return enqueue(*stream, Op{[launch](Stream& s) { return run(launch, s); }, 5});
  });
}

} // extern "C"
