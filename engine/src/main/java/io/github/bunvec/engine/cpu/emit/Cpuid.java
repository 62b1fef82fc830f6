package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What this processor has that code is emitted for, and the operating system keeps registers for.
 *
 * @param avx2 AVX2 and FMA, with the state of 16 registers of 256 bits kept
 * @param avx512 AVX512F, BW and VL, with the state of all 32 registers kept
 * @param dotProduct AVX512_BF16: VDPBF16PS and the conversions
 * @param tiles AMX_TILE and AMX_BF16, with the state of the tiles kept
 */
record Cpuid(boolean avx2, boolean avx512, boolean dotProduct, boolean tiles) {

  private static final int LEAF = 0;
  private static final int RESULT = 16;
  private static final int REGISTER_STATE = 32;

  /** Asks the processor. */
  static Cpuid detect() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment function = new MachineCode(query(), arena).function(0);
      MemorySegment block = arena.allocate(64, 8);
      int[] basic = ask(function, block, 0, 0);
      int highest = basic[0];
      int[] first = ask(function, block, 1, 0);
      if (highest < 7 || !bit(first[2], 27)) { // OSXSAVE: XGETBV may be asked
        return new Cpuid(false, false, false, false);
      }
      int[] seventh = ask(function, block, 7, 0);
      int[] more = seventh[0] >= 1 ? ask(function, block, 7, 1) : new int[4];
      MemorySegment state = new MachineCode(registerState(), arena).function(0);
      MachineCode.call(state, block.address(), 0, block, 0);
      long kept = block.get(ValueLayout.JAVA_LONG, REGISTER_STATE);
      boolean avx2 = bit(seventh[1], 5) && bit(first[2], 12) && (kept & 6) == 6;
      boolean avx512 =
          bit(seventh[1], 16)
              && bit(seventh[1], 30)
              && bit(seventh[1], 31)
              && (kept & 0xE6) == 0xE6;
      boolean tiles = bit(seventh[3], 22) && bit(seventh[3], 24) && (kept & 0x60000) == 0x60000;
      return new Cpuid(avx2, avx512, avx512 && bit(more[0], 5), tiles);
    }
  }

  /** Returns whether the panels' code can run. */
  boolean has(PanelForm form) {
    return form == PanelForm.AVX512 ? avx512 : avx2;
  }

  /** Returns eax, ebx, ecx and edx. */
  private static int[] ask(MemorySegment function, MemorySegment block, int leaf, int subleaf) {
    block.set(ValueLayout.JAVA_LONG, LEAF, leaf);
    block.set(ValueLayout.JAVA_LONG, LEAF + 8, subleaf);
    MachineCode.call(function, block.address(), 0, block, 0);
    return block.asSlice(RESULT, 16).toArray(ValueLayout.JAVA_INT);
  }

  private static boolean bit(int value, int number) {
    return ((value >>> number) & 1) != 0;
  }

  private static byte[] query() {
    Assembler code = new Assembler();
    code.push(Register.RBX);
    code.mov(Register.RAX, Address.at(Register.RDI, LEAF));
    code.mov(Register.RCX, Address.at(Register.RDI, LEAF + 8));
    code.cpuid();
    code.mov32(Address.at(Register.RDI, RESULT), Register.RAX);
    code.mov32(Address.at(Register.RDI, RESULT + 4), Register.RBX);
    code.mov32(Address.at(Register.RDI, RESULT + 8), Register.RCX);
    code.mov32(Address.at(Register.RDI, RESULT + 12), Register.RDX);
    code.pop(Register.RBX);
    code.ret();
    return code.code();
  }

  /** XCR0: which registers the operating system keeps. */
  private static byte[] registerState() {
    Assembler code = new Assembler();
    code.mov(Register.RCX, 0);
    code.xgetbv();
    code.mov32(Address.at(Register.RDI, REGISTER_STATE), Register.RAX);
    code.mov32(Address.at(Register.RDI, REGISTER_STATE + 4), Register.RDX);
    code.ret();
    return code.code();
  }
}
