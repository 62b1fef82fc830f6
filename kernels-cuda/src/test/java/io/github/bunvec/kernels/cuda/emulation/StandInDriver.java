package io.github.bunvec.kernels.cuda.emulation;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A CUDA driver and cuBLASLt without a GPU, in this process: JavaCPP's bindings call the C++ in
 * {@code src/test/cpp/driver}, whose devices run kernels in a process of their own.
 *
 * <p>It is as lazy as a GPU may be and stricter than one. What is queued is done when somebody
 * waits for its stream and not before; memory is full of NaN; what a GPU leaves undefined is an
 * error.
 *
 * <p>To be started before JavaCPP loads its libraries, in a process that uses no other driver.
 */
public final class StandInDriver implements AutoCloseable {

  /** How an algorithm of cuBLASLt sums. */
  public enum Algorithm {
    /** Good: in order. */
    IN_ORDER(1),

    /** Good: other bits than in order. Needs a workspace. */
    BACKWARDS(2),

    /** Bad: rows from the 16th on have other bits. */
    BY_PLACE(3),

    /** In order, but refused for less than 8 rows. */
    NOT_FOR_FEW(4),

    /** In order, the fastest; offered for 16 rows and more. */
    FASTEST(5),

    /** Bad: the number of rows decides the bits. Offered unless reductions are excluded. */
    SPLIT_K(6);

    private final int number; // in C++

    Algorithm(int number) {
      this.number = number;
    }

    private static Algorithm of(long number) {
      for (Algorithm algorithm : values()) {
        if (algorithm.number == number) {
          return algorithm;
        }
      }
      throw new IllegalArgumentException("algorithm " + number);
    }
  }

  /** What is counted. */
  public enum Kind {
    /** Blocks of device memory. */
    ALLOCATIONS,
    /** Blocks of page-locked memory. */
    PINNED,
    /** Streams. */
    STREAMS,
    /** Events. */
    EVENTS,
    /** Modules. */
    MODULES,
    /** Graphs as recorded. */
    GRAPHS,
    /** Graphs that can be launched. */
    EXECUTABLES,
    /** How often primary contexts are retained. */
    CONTEXTS,
    /** Handles of cuBLASLt. */
    HANDLES,
    /** Descriptions of products. */
    DESCRIPTORS,
    /** Layouts of matrices. */
    LAYOUTS,
    /** Preferences for the choice of algorithms. */
    PREFERENCES;

    private boolean ofCublasLt() {
      return compareTo(HANDLES) >= 0;
    }
  }

  private static final int MESSAGE_BYTES = 4096;

  private StandInDriver() {}

  /**
   * Starts it with two devices, or skips the test where that cannot be.
   *
   * @param bytes memory of each device
   */
  public static StandInDriver start(long bytes) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return abort("kernels are not run: that needs Linux on x86-64, this is " + system);
    }
    try {
      StandInLibraries.load();
      String program = EmulatorProgram.get().toString();
      StandInDriver driver = new StandInDriver();
      try (Arena arena = Arena.ofConfined()) {
        long kernels = call("standin_start", JAVA_INT, arena.allocateFrom(program), bytes);
        if (kernels <= 0) {
          throw new IllegalStateException(
              kernels == 0
                  ? program + " lists no kernels"
                  : "the stand-in for the CUDA driver runs already; close it first");
        }
      }
      return driver;
    } catch (IOException e) {
      return abort("kernels are not run: no g++ on the PATH (" + e.getMessage() + "); install it");
    }
  }

  /** Calls an exported function; what returns nothing gives 0. */
  @SuppressWarnings("restricted") // tests allow native access
  private static long call(String name, MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            default -> ADDRESS;
          };
    }
    MethodHandle function =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.loaderLookup().findOrThrow(name),
                FunctionDescriptor.of(result, layouts));
    try {
      return ((Number) function.invokeWithArguments(arguments)).longValue();
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Returns how many there are of a kind. */
  public long count(Kind kind) {
    try (Arena arena = Arena.ofConfined()) {
      return call(
          kind.ofCublasLt() ? "standin_count_lt" : "standin_count",
          JAVA_LONG,
          arena.allocateFrom(kind.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Returns what has not been freed: nothing after everything was closed. */
  public Map<Kind, Long> live() {
    Map<Kind, Long> live = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      if (count(kind) != 0) {
        live.put(kind, count(kind));
      }
    }
    return live;
  }

  /**
   * Changes the number of devices.
   *
   * @param count 0 to 16
   */
  public void devices(int count) {
    call("standin_devices", JAVA_INT, count);
  }

  /** Returns how many operations are queued on streams and not done yet. */
  public long waiting() {
    return call("standin_waiting", JAVA_LONG);
  }

  /**
   * Changes the driver's version.
   *
   * @param version of CUDA, 13010 for 13.1
   */
  public void version(int version) {
    call("standin_version", JAVA_INT, version);
  }

  /**
   * Makes the next call of a function fail.
   *
   * @param function its name as it is documented, without a version: {@code cuMemAlloc}
   * @param error what it returns: a {@code CUresult} or a {@code cublasStatus_t}
   */
  public void failNext(String function, int error) {
    try (Arena arena = Arena.ofConfined()) {
      call("standin_fail_next", JAVA_INT, arena.allocateFrom(function), error);
    }
  }

  /** Returns why the last call that was refused was. */
  public String message() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MESSAGE_BYTES);
      call("standin_message", JAVA_INT, text, text.byteSize());
      return text.getString(0, StandardCharsets.UTF_8);
    }
  }

  /** Offers these algorithms where they would be, and no others. */
  public void offer(List<Algorithm> algorithms) {
    int bits = 0;
    for (Algorithm algorithm : algorithms) {
      bits |= 1 << algorithm.number;
    }
    call("standin_offer", JAVA_INT, bits);
  }

  /**
   * Returns what computed the last product.
   *
   * @param m its rows
   */
  public Algorithm lastAlgorithm(int m) {
    long number = call("standin_last_algorithm", JAVA_INT, (long) m);
    if (number == 0) {
      throw new IllegalStateException("there was no product of " + m + " rows");
    }
    return Algorithm.of(number);
  }

  /** Returns how many products an algorithm has computed. */
  public long products(Algorithm algorithm) {
    return call("standin_products", JAVA_LONG, algorithm.number);
  }

  /** Forgets everything, as the end of a process would; {@code cuInit} is needed again. */
  @Override
  public void close() {
    call("standin_stop_lt", JAVA_INT);
    call("standin_stop", JAVA_INT);
  }
}
