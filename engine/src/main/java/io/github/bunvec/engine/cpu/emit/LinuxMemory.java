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
 * before. The numbers are those of x86-64.
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

  private static final MethodHandle MMAP =
      handle(
          "mmap",
          FunctionDescriptor.of(
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle MPROTECT = handle("mprotect", rangeAndInt());
  private static final MethodHandle MADVISE = handle("madvise", rangeAndInt());
  private static final MethodHandle MUNMAP =
      handle(
          "munmap",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  private static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));

  private LinuxMemory() {}

  /**
   * Maps zeroed pages, readable and writable, that are unmapped when the arena closes.
   *
   * @throws IllegalStateException with errno if there are none
   */
  static MemorySegment map(long bytes, Arena arena) {
    long length = roundUp(bytes, PAGE);
    MemorySegment pages;
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      pages =
          (MemorySegment)
              MMAP.invokeExact(
                  state,
                  MemorySegment.NULL,
                  length,
                  PROT_READ | PROT_WRITE,
                  MAP_PRIVATE_ANONYMOUS,
                  -1,
                  0L);
      if (pages.address() == -1) {
        throw failed("mmap of " + length + " bytes", state);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
    return pages.reinterpret(length, arena, LinuxMemory::unmap);
  }

  /**
   * Maps pages for much data, huge ones where the system grants them: fewer of them to look up.
   *
   * @return at least {@code bytes} bytes from the border of a huge page on
   */
  static MemorySegment mapLarge(long bytes, Arena arena) {
    MemorySegment pages = map(bytes + HUGE_PAGE, arena);
    long skipped = -pages.address() & (HUGE_PAGE - 1);
    MemorySegment aligned = pages.asSlice(skipped, roundUp(bytes, PAGE));
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      // Advice: a system that has no huge pages refuses it, and small ones do as well.
      int _ = (int) MADVISE.invokeExact(state, aligned, aligned.byteSize(), MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    return aligned;
  }

  /** Makes pages executable and no longer writable. */
  static void protectCode(MemorySegment pages) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      int result =
          (int) MPROTECT.invokeExact(state, pages, pages.byteSize(), PROT_READ | PROT_EXEC);
      if (result != 0) {
        throw failed("mprotect to executable memory", state);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A system call of two arguments; returns 0 or -errno. */
  static long systemCall(long number, long first, long second) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      long result = (long) SYSCALL.invokeExact(state, number, first, second);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void unmap(MemorySegment pages) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(STATE);
      int result = (int) MUNMAP.invokeExact(state, pages, pages.byteSize());
      if (result != 0) {
        throw failed("munmap", state);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static IllegalStateException failed(String what, MemorySegment state) {
    return new IllegalStateException(what + " failed, errno " + (int) ERRNO.get(state, 0L));
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case Error error -> throw error;
      case RuntimeException runtime -> runtime;
      default -> new IllegalStateException(e);
    };
  }

  private static FunctionDescriptor rangeAndInt() {
    return FunctionDescriptor.of(
        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  private static long roundUp(long bytes, long multiple) {
    return (bytes + multiple - 1) / multiple * multiple;
  }
}
