package io.github.bunvec.kernels.cuda.emulation;

import static org.junit.jupiter.api.Assumptions.abort;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Product;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A GPU whose kernels run on the CPU, in a process of their own: their very text, compiled by g++.
 * Its memory is a file that both processes map; addresses are the other one's. Products are plain
 * loops here.
 *
 * <p>It is as strict as a GPU is silent: memory that was not allocated, products that were not
 * prepared and misaligned addresses are exceptions.
 */
public final class EmulatedGpu implements Gpu {

  private static final long BASE = 0x2000_0000_0000L;
  private static final long BORDER = 256;

  private final long capacity;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final Process process;
  private final OutputStream to;
  private final DataInputStream from;
  private final Path file;
  private final Path errors;
  private final TreeMap<Long, Long> allocated = new TreeMap<>(); // address to end
  private final List<String> kernels = new ArrayList<>();
  private final Set<String> prepared = new HashSet<>();
  private boolean closed;

  /**
   * Starts one, or skips the test where kernels cannot be run.
   *
   * @param capacity bytes of memory
   */
  public static EmulatedGpu start(long capacity) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return abort("kernels are not run: that needs Linux");
    }
    try {
      return new EmulatedGpu(capacity);
    } catch (IOException e) {
      return abort("kernels are not run: no g++ on the PATH (" + e.getMessage() + "); install it");
    }
  }

  private EmulatedGpu(long capacity) throws IOException {
    this.capacity = capacity;
    this.file = Files.createTempFile("bunvec-gpu", ".memory");
    this.errors = Files.createTempFile("bunvec-gpu", ".log");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, capacity, arena);
    }
    process =
        new ProcessBuilder(
                EmulatorProgram.get().toString(), file.toString(), "" + capacity, "" + BASE)
            .redirectError(errors.toFile())
            .start();
    to = process.getOutputStream();
    from = new DataInputStream(process.getInputStream());
  }

  @Override
  public String name() {
    return "CPU in place of a GPU";
  }

  @Override
  public synchronized long allocate(long bytes) {
    long at = BASE;
    for (Map.Entry<Long, Long> block : allocated.entrySet()) {
      if (block.getKey() - at >= bytes) {
        break;
      }
      at = (block.getValue() + BORDER - 1) / BORDER * BORDER;
    }
    if (at + bytes > BASE + capacity) {
      throw new OutOfGpuMemoryException(name(), bytes, BASE + capacity - at);
    }
    allocated.put(at, at + bytes);
    memory.asSlice(at - BASE, bytes).fill((byte) 0);
    return at;
  }

  @Override
  public synchronized void free(long address) {
    if (address != 0 && allocated.remove(address) == null) {
      throw new IllegalArgumentException("address " + address + " was not allocated");
    }
  }

  /** Returns how many allocations there are. */
  public synchronized int allocations() {
    return allocated.size();
  }

  /** Memory that lies within one allocation. */
  synchronized MemorySegment at(long address, long bytes) {
    Map.Entry<Long, Long> block = allocated.floorEntry(address);
    if (block == null || address + bytes > block.getValue()) {
      throw new IllegalArgumentException(
          bytes + " bytes at " + address + " do not lie within an allocation");
    }
    return memory.asSlice(address - BASE, bytes);
  }

  @Override
  public void copyIn(long to, MemorySegment from) {
    at(to, from.byteSize()).copyFrom(from);
  }

  @Override
  public MemorySegment allocatePinned(long bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }

  @Override
  public void freePinned(MemorySegment memory) {
    if (memory.byteSize() == 0) {
      throw new IllegalArgumentException("nothing to free");
    }
  }

  @Override
  public synchronized long kernel(String file, String entry) {
    if (!entry.startsWith(file) && !entry.startsWith("layer_norm")) {
      throw new IllegalArgumentException(entry + " is not in " + file + ".cu");
    }
    int number = kernels.indexOf(entry);
    if (number < 0) {
      kernels.add(entry);
      number = kernels.size() - 1;
    }
    return number;
  }

  @Override
  public synchronized void prepare(Product.Shape shape, int... rows) {
    for (int m : rows) {
      prepared.add(shape + " " + m);
    }
  }

  synchronized void requirePrepared(Product product) {
    if (!prepared.contains(product.shape() + " " + product.m())) {
      throw new IllegalStateException(product + " was not prepared");
    }
  }

  @Override
  public GpuStream stream() {
    return new EmulatedStream(this);
  }

  /** Runs a kernel and waits for it. */
  synchronized void run(long kernel, int x, int y, int block, long[] arguments) {
    byte[] name = kernels.get((int) kernel).getBytes(StandardCharsets.UTF_8);
    int words = 1 + Math.ceilDiv(name.length, 8) + 4 + arguments.length;
    ByteBuffer launch = ByteBuffer.allocate(8 * words).order(ByteOrder.nativeOrder());
    launch.putLong(name.length).put(name);
    launch.position(8 * (1 + Math.ceilDiv(name.length, 8)));
    launch.putLong(x).putLong(y).putLong(block).putLong(arguments.length);
    for (long argument : arguments) {
      launch.putLong(argument);
    }
    try {
      to.write(launch.array());
      to.flush();
      if (from.read() != '.') {
        throw new IllegalStateException("the GPU stopped: " + Files.readString(errors));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the GPU stopped: " + log(), e);
    }
  }

  private String log() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  static float get(MemorySegment memory, long index, boolean narrow) {
    return narrow
        ? Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16)
        : memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      to.close();
      process.waitFor();
      arena.close();
      Files.delete(file);
      Files.delete(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
