package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Emitted code in memory of its own, never writable and executable at once: written first, then
 * made executable, unmapped with its arena.
 */
@SuppressWarnings("restricted") // the one purpose of this class
final class MachineCode {

  /**
   * How every function here is called: two addresses, memory that may lie in the heap, an address.
   *
   * <p>Critical: the call is a jump, without a change of the thread's state, and hands over the
   * heap's own memory. The price is that the garbage collector waits for it, so that a call must be
   * short. Native memory comes as plain addresses: a segment would be locked and unlocked, at the
   * cost of contention between threads; who calls keeps it alive.
   */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG),
              Linker.Option.critical(true));

  /** How {@link PanelCode} is called: four arrays, rows and depth, eight lengths in bytes. */
  private static final MethodHandle CALL_PANEL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.critical(true));

  private final MemorySegment pages;

  /** Makes code executable until the arena closes. */
  MachineCode(byte[] code, Arena arena) {
    pages = LinuxMemory.map(code.length, arena);
    MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
    LinuxMemory.protectCode(pages);
  }

  /**
   * Makes the handles that call functions, unless they have been made: some 0.1 s of one thread.
   */
  static void link() {
    // The static fields are all there is to do.
  }

  /** Returns the function that starts {@code offset} bytes into the code. */
  MemorySegment function(int offset) {
    return MemorySegment.ofAddress(pages.address() + offset);
  }

  /**
   * Calls a function by System V's convention: arguments in rdi, rsi, rdx and rcx.
   *
   * @param function from {@link #function}
   * @param a first address
   * @param b second address
   * @param heap an array, or native memory
   * @param arguments address of the numbers, see {@link Arguments}
   */
  static void call(MemorySegment function, long a, long b, MemorySegment heap, long arguments) {
    try {
      CALL.invokeExact(function, a, b, heap, arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of emitted code failed", e);
    }
  }

  /** Calls a function of {@link PanelCode}; offsets and strides in bytes. */
  static void callPanel(
      MemorySegment function,
      MemorySegment a,
      MemorySegment b,
      MemorySegment init,
      MemorySegment c,
      long m,
      long k,
      long aOffset,
      long bOffset,
      long initOffset,
      long cOffset,
      long lda,
      long initStride,
      long ldc,
      long ahead) {
    try {
      CALL_PANEL.invokeExact(
          function,
          a,
          b,
          init,
          c,
          m,
          k,
          aOffset,
          bOffset,
          initOffset,
          cOffset,
          lda,
          initStride,
          ldc,
          ahead);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of emitted code failed", e);
    }
  }
}
