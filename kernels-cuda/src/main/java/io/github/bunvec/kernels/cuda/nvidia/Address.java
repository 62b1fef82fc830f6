package io.github.bunvec.kernels.cuda.nvidia;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * An address in the form JavaCPP's functions take. Owns nothing: memory of JavaCPP's own would be
 * counted against the JVM's heap limit, and a collection might free it.
 */
final class Address extends Pointer {

  /** Wraps a number; 0 is none. */
  Address(long address) {
    this.address = address;
  }

  /** Wraps native memory, which must outlive the call. */
  static Address of(MemorySegment memory) {
    return new Address(memory.address());
  }

  /** Wraps native memory for one pointer, which a function writes. */
  static PointerPointer<Pointer> slot(MemorySegment memory) {
    return new PointerPointer<>(of(memory));
  }
}
