package io.github.bunvec.kernels.cuda.nvrtc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.NoSuchElementException;

/**
 * The functions of a loaded NVRTC [nvrtc.h].
 *
 * <p>All are called through one handle, as a function of six 64-bit integers that returns one: the
 * JVM takes 10 to 20 ms to make a handle, and NVRTC's take at most six pointers, sizes or ints. In
 * the calling conventions of Linux on x86-64 and aarch64 these come in six registers, of which a
 * function reads as many, and as much of each, as it has parameters.
 */
@SuppressWarnings("restricted") // the one purpose of this class
final class NvrtcFunctions {

  /** What every function but those that cannot fail returns. */
  static final int SUCCESS = 0;

  private final Path file;
  private final SymbolLookup library;
  private final MethodHandle call;

  /**
   * Loads a library, for as long as the JVM runs: NVRTC keeps state and threads of its own.
   *
   * @throws NvrtcException if it cannot be loaded
   */
  NvrtcFunctions(Path file) {
    requireNativeAccess();
    this.file = file;
    try {
      this.library = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new NvrtcException(
          file
              + " was found, but cannot be loaded: is it whole, and made for this kind of"
              + " processor? 'ldd "
              + file
              + "' names libraries it misses",
          e);
    }
    this.call =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
  }

  private static void requireNativeAccess() {
    Module module = NvrtcFunctions.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      throw new NvrtcException(
          "the backend cuda calls NVRTC, which this JVM was not told to allow: add"
              + " --enable-native-access=io.github.bunvec.kernels.cuda to its options (on the"
              + " class path: --enable-native-access=ALL-UNNAMED)");
    }
  }

  /**
   * Calls a function that returns a result code.
   *
   * @param name the function
   * @param arguments at most six numbers and addresses
   * @return the code, {@link #SUCCESS} or another
   */
  int call(String name, long... arguments) {
    return (int) invoke(name, arguments);
  }

  /** Calls a function that cannot fail but by a fault of ours. */
  void require(String name, long... arguments) {
    int result = call(name, arguments);
    if (result != SUCCESS) {
      throw new NvrtcException(name + " of " + file + " gave " + nameOf(result));
    }
  }

  /** Returns what NVRTC calls a result code. */
  String nameOf(int result) {
    long text = invoke("nvrtcGetErrorString", result);
    return MemorySegment.ofAddress(text).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private long invoke(String name, long... arguments) {
    long[] a = new long[6];
    System.arraycopy(arguments, 0, a, 0, arguments.length);
    try {
      return (long) call.invokeExact(library.findOrThrow(name), a[0], a[1], a[2], a[3], a[4], a[5]);
    } catch (NoSuchElementException e) {
      throw new NvrtcException(file + " has no function " + name + "; CUDA 12 or 13 has it", e);
    } catch (Throwable e) {
      throw new IllegalStateException("the call of " + name + " of " + file + " failed", e);
    }
  }
}
