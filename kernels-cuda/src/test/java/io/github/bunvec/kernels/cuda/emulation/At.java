package io.github.bunvec.kernels.cuda.emulation;

import org.bytedeco.javacpp.Pointer;

/** An address in the form that JavaCPP takes. */
final class At extends Pointer {
  At(long address) {
    this.address = address;
  }
}
