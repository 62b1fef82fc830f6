package io.github.bunvec.engine.cpu.emit;

/**
 * Writes x86-64 machine code: what the kernels here need, and no more.
 *
 * <p>A method is an instruction, named as in the manual with operands in Intel's order, destination
 * first. The test compares every form with the bytes of the GNU assembler.
 */
final class Assembler extends Encoding {

  // General registers, 64 bits each.

  void mov(Register to, Register from) {
    rex(from.number(), to.number(), 0);
    emit(0x89);
    modRm(from.number(), to.number());
  }

  void mov(Register to, int value) {
    rex(0, to.number(), 0);
    emit(0xC7);
    modRm(0, to.number());
    emit32(value);
  }

  void mov(Register to, Address from) {
    general(0x8B, to, from);
  }

  void mov(Address to, Register from) {
    general(0x89, from, to);
  }

  /** The upper 32 bits become 0. */
  void mov32(Register to, Address from) {
    rex(0x40, to.number(), from);
    emit(0x8B);
    modRm(to.number(), from, 1);
  }

  /** The lower 32 bits only. */
  void mov32(Address to, Register from) {
    rex(0x40, from.number(), to);
    emit(0x89);
    modRm(from.number(), to, 1);
  }

  void lea(Register to, Address from) {
    general(0x8D, to, from);
  }

  void add(Register to, Register from) {
    rex(from.number(), to.number(), 0);
    emit(0x01);
    modRm(from.number(), to.number());
  }

  void add(Register to, Address from) {
    general(0x03, to, from);
  }

  void add(Register to, int value) {
    arithmetic(0, to, value);
  }

  void sub(Register to, int value) {
    arithmetic(5, to, value);
  }

  void cmp(Register left, int value) {
    arithmetic(7, left, value);
  }

  void shl(Register to, int bits) {
    rex(0, to.number(), 0);
    emit(0xC1);
    modRm(4, to.number());
    emit(bits);
  }

  void or(Register to, Register from) {
    rex(from.number(), to.number(), 0);
    emit(0x09);
    modRm(from.number(), to.number());
  }

  void push(Register register) {
    shortForm(0x50, register);
  }

  void pop(Register register) {
    shortForm(0x58, register);
  }

  // Control.

  void bind(Label label) {
    label.position = size();
    for (int jump : label.jumps) {
      patch(jump, size() - (jump + 4));
    }
  }

  void jmp(Label to) {
    emit(0xE9);
    distance(to);
  }

  /** Jumps if the last result was 0, or the last operands were equal. */
  void jz(Label to) {
    emit(0x0F);
    emit(0x84);
    distance(to);
  }

  void jnz(Label to) {
    emit(0x0F);
    emit(0x85);
    distance(to);
  }

  /** Jumps if the left operand was the smaller one, both signed. */
  void jl(Label to) {
    emit(0x0F);
    emit(0x8C);
    distance(to);
  }

  /** Jumps if the left operand was not the smaller one, both signed. */
  void jge(Label to) {
    emit(0x0F);
    emit(0x8D);
    distance(to);
  }

  void ret() {
    emit(0xC3);
  }

  void cpuid() {
    emit(0x0F);
    emit(0xA2);
  }

  void xgetbv() {
    emit(0x0F);
    emit(0x01);
    emit(0xD0);
  }

  /** Into L1. */
  void prefetcht0(Address from) {
    prefetch(1, from);
  }

  /** Into L2. */
  void prefetcht1(Address from) {
    prefetch(2, from);
  }

  // Vectors.

  void vmovups(VectorRegister to, Address from) {
    vector(to, MAP_0F, NONE, 0x10, to.number(), 0, from, to.bytes());
  }

  void vmovups(Address to, VectorRegister from) {
    vector(from, MAP_0F, NONE, 0x11, from.number(), 0, to, from.bytes());
  }

  /** Elements whose bit of k1 is 0 become 0 and are not read. */
  void vmovupsMasked(Zmm to, Address from) {
    evex(MAP_0F, NONE, BITS_512 | ZERO_BY_K1, 0x10, to.number(), 0, from, 64);
  }

  void vmovaps(Zmm to, Zmm from) {
    evex(MAP_0F, NONE, 0x28, to.number(), 0, from.number());
  }

  void vbroadcastss(VectorRegister to, Address from) {
    vector(to, MAP_0F38, P66, 0x18, to.number(), 0, from, Float.BYTES);
  }

  void vpxord(Zmm to, Zmm a, Zmm b) {
    evex(MAP_0F, P66, 0xEF, to.number(), a.number(), b.number());
  }

  /** VPAND, which is called VPANDD where registers have 512 bits. */
  void vpand(VectorRegister to, VectorRegister a, VectorRegister b) {
    vector(to, MAP_0F, P66, 0xDB, to.number(), a.number(), b.number());
  }

  /** Shifts 32-bit elements to the left. */
  void vpslld(VectorRegister to, VectorRegister from, int bits) {
    vector(to, MAP_0F, P66, 0x72, 6, to.number(), from.number());
    emit(bits);
  }

  void vfmadd231ps(VectorRegister to, VectorRegister a, VectorRegister b) {
    vector(to, MAP_0F38, P66, 0xB8, to.number(), a.number(), b.number());
  }

  /** {@code to += a.odd * b.odd + a.even * b.even}, elements of a and b in pairs of BF16. */
  void vdpbf16ps(Zmm to, Zmm a, Zmm b) {
    evex(MAP_0F38, PF3, 0x52, to.number(), a.number(), b.number());
  }

  void vdpbf16ps(Zmm to, Zmm a, Address b) {
    evex(MAP_0F38, PF3, BITS_512, 0x52, to.number(), a.number(), b, 64);
  }

  /** Rounds 16 + 16 floats to BF16: {@code b} into the lower half, {@code a} into the upper. */
  void vcvtne2ps2bf16(Zmm to, Zmm a, Zmm b) {
    evex(MAP_0F38, PF2, 0x72, to.number(), a.number(), b.number());
  }

  /** Sets k1 to the lower 32 bits. */
  void kmovdK1(Register from) {
    vex(MAP_0F, PF2, 0, 0, 0, from.number(), 0);
    emit(0x92);
    modRm(1, from.number());
  }

  void vzeroupper() {
    emit(0xC5);
    emit(0xF8);
    emit(0x77);
  }

  // Tiles.

  void ldtilecfg(Address from) {
    vex(MAP_0F38, NONE, 0, 0, 0, from);
    emit(0x49);
    modRm(0, from, 1);
  }

  void tilerelease() {
    vex(MAP_0F38, NONE, 0, 0, 0, 0, 0);
    emit(0x49);
    modRm(0, 0);
  }

  /** Rows from {@code base + displacement} on, one every {@code index} bytes. */
  void tileloadd(Tile to, Address from) {
    tileMemory(PF2, to, from);
  }

  void tilestored(Address to, Tile from) {
    tileMemory(PF3, from, to);
  }

  /** {@code to += a b}: rows of a and rows of pairs of b. */
  void tdpbf16ps(Tile to, Tile a, Tile b) {
    vex(MAP_0F38, PF3, 0, to.number(), 0, a.number(), b.number());
    emit(0x5C);
    modRm(to.number(), a.number());
  }

  // Encodings.

  private void tileMemory(int prefix, Tile tile, Address memory) {
    if (memory.index() == null) {
      throw new IllegalArgumentException("a tile in memory needs a stride in an index register");
    }
    vex(MAP_0F38, prefix, 0, tile.number(), 0, memory);
    emit(0x4B);
    modRm(tile.number(), memory, 1);
  }

  private void general(int opcode, Register register, Address memory) {
    rex(0x48, register.number(), memory);
    emit(opcode);
    modRm(register.number(), memory, 1);
  }

  private void arithmetic(int operation, Register to, int value) {
    rex(0, to.number(), 0);
    if (value == (byte) value) {
      emit(0x83);
      modRm(operation, to.number());
      emit(value);
    } else if (to == Register.RAX) {
      emit((operation << 3) | 5);
      emit32(value);
    } else {
      emit(0x81);
      modRm(operation, to.number());
      emit32(value);
    }
  }

  private void prefetch(int hint, Address from) {
    rex(0x40, 0, from);
    emit(0x0F);
    emit(0x18);
    modRm(hint, from, 1);
  }

  private void shortForm(int opcode, Register register) {
    if (register.number() > 7) {
      emit(0x41);
    }
    emit(opcode | (register.number() & 7));
  }

  private void distance(Label to) {
    if (to.position >= 0) {
      emit32(to.position - (size() + 4));
    } else {
      to.jumps.add(size());
      emit32(0);
    }
  }
}
