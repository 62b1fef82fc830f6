package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Pages of memory, asked of Linux by mmap(2), mprotect(2), madvise(2) and munmap(2).
 *
 * <p>Restricted: loading it without native access warns or fails, so {@link Platform} is asked
 * before. All numbers are those of x86-64.
 */
@SuppressWarnings("restricted") // the one purpose of this class
final class LinuxMemory {

  private static final long PAGE = 4096;
  private static final long HUGE_PAGE = 2 << 20;

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MADV_HUGEPAGE = 14;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final int SYS_MMAP = 9;
  private static final int SYS_MPROTECT = 10;
  private static final int SYS_MUNMAP = 11;
  private static final int SYS_MADVISE = 28;

  /**
   * syscall(2), for all calls: each function of the C library would need a handle of its own, and
   * the JVM takes 10 to 20 ms at start to make one.
   */
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.captureCallState("errno"));

  private LinuxMemory() {}

  /**
   * Maps zeroed pages, readable and writable, that are unmapped when the arena closes.
   *
   * @throws IllegalStateException with errno if there are none
   */
  static MemorySegment map(long bytes, Arena arena) {
    long length = roundUp(bytes, PAGE);
    long address =
        systemCall(SYS_MMAP, 0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    // Addresses are positive, errors the last page below 0.
    require("mmap of " + length + " bytes", Math.min(address, 0));
    return MemorySegment.ofAddress(address).reinterpret(length, arena, LinuxMemory::unmap);
  }

  /**
   * Maps pages for much data, huge ones where the system grants them: fewer of them to look up,
   * which counts double in a virtual machine.
   *
   * @return at least {@code bytes} bytes from the border of a huge page on
   */
  static MemorySegment mapLarge(long bytes, Arena arena) {
    MemorySegment pages = map(roundUp(bytes, HUGE_PAGE) + HUGE_PAGE, arena);
    long skipped = -pages.address() & (HUGE_PAGE - 1);
    MemorySegment aligned = pages.asSlice(skipped, pages.byteSize() - HUGE_PAGE);
    // Advice: a system that has no huge pages refuses it, and small ones do as well.
    systemCall(SYS_MADVISE, aligned.address(), aligned.byteSize(), MADV_HUGEPAGE, 0, 0, 0);
    return aligned;
  }

  /** Makes pages executable and no longer writable. */
  static void protectCode(MemorySegment pages) {
    require(
        "mprotect to executable memory",
        systemCall(
            SYS_MPROTECT, pages.address(), pages.byteSize(), PROT_READ | PROT_EXEC, 0, 0, 0));
  }

  /** A system call of two arguments; returns its result or -errno. */
  static long systemCall(long number, long first, long second) {
    return systemCall(number, first, second, 0, 0, 0, 0);
  }

  private static long systemCall(
      long number, long first, long second, long third, long fourth, long fifth, long sixth) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      long result =
          (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth, sixth);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void unmap(MemorySegment pages) {
    require("munmap", systemCall(SYS_MUNMAP, pages.address(), pages.byteSize(), 0, 0, 0, 0));
  }

  private static void require(String what, long result) {
    if (result != 0) {
      throw new IllegalStateException(what + " failed, errno " + -result);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case Error error -> throw error;
      case RuntimeException runtime -> runtime;
      default -> new IllegalStateException(e);
    };
  }

  private static long roundUp(long bytes, long multiple) {
    return (bytes + multiple - 1) / multiple * multiple;
  }
}
