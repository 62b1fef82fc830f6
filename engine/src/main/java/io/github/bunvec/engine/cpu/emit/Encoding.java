package io.github.bunvec.engine.cpu.emit;

import java.util.Arrays;

/**
 * The bytes of instructions: prefixes REX, VEX and EVEX, ModRM, SIB, displacements.
 *
 * <p>Registers are numbers here. Source: Intel 64 and IA-32 Architectures Software Developer's
 * Manual, volume 2, chapter 2.
 */
class Encoding {

  // Opcode maps and implied prefixes, as VEX and EVEX number them.
  static final int MAP_0F = 1;
  static final int MAP_0F38 = 2;
  static final int NONE = 0;
  static final int P66 = 1;
  static final int PF3 = 2;
  static final int PF2 = 3;

  // The last byte of EVEX: vector length, and elements whose bit of k1 is 0 made 0.
  static final int BITS_512 = 2 << 5;
  static final int ZERO_BY_K1 = 0x81;

  // The same of VEX, where 0 is 128 bits or no vector.
  static final int VEX_256 = 4;

  private byte[] code = new byte[1024];
  private int size;

  /** Returns the code so far; all labels jumped to must be bound. */
  byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /** Returns how many bytes there are so far. */
  int size() {
    return size;
  }

  /** Fills with a byte that traps, up to a multiple of {@code bytes}. */
  void align(int bytes) {
    while (size % bytes != 0) {
      emit(0xCC);
    }
  }

  /** REX.W with two registers and no memory. */
  void rex(int reg, int rm, int index) {
    emit(0x48 | ((reg >> 3) << 2) | ((index >> 3) << 1) | (rm >> 3));
  }

  /** REX with memory; left out where it would be 0x40, which says nothing. */
  void rex(int base, int reg, Address memory) {
    int rex =
        base | ((reg >> 3) << 2) | ((index(memory) >> 3) << 1) | (memory.base().number() >> 3);
    if (rex != 0x40) {
      emit(rex);
    }
  }

  void vex(int map, int prefix, int length, int reg, int second, Address memory) {
    vex(map, prefix, length, reg, index(memory), memory.base().number(), second);
  }

  /** VEX, W = 0; of two bytes where that can say it, as assemblers do. */
  void vex(int map, int prefix, int length, int reg, int index, int rm, int second) {
    int last = ((~second & 15) << 3) | length | prefix;
    if (map == MAP_0F && index < 8 && rm < 8) {
      emit(0xC5);
      emit(((~reg & 8) << 4) | last);
    } else {
      emit(0xC4);
      emit(((~reg & 8) << 4) | ((~index & 8) << 3) | ((~rm & 8) << 2) | map);
      emit(last);
    }
  }

  /** EVEX or VEX, as wide as {@code size}, with registers only. */
  void vector(VectorRegister size, int map, int prefix, int opcode, int reg, int second, int rm) {
    if (size instanceof Zmm) {
      evex(map, prefix, opcode, reg, second, rm);
    } else {
      vex(map, prefix, VEX_256, reg, 0, rm, second);
      emit(opcode);
      modRm(reg, rm);
    }
  }

  /** EVEX or VEX with memory; {@code n} as for {@link #evex}, VEX has no units. */
  void vector(
      VectorRegister size,
      int map,
      int prefix,
      int opcode,
      int reg,
      int second,
      Address memory,
      int n) {
    if (size instanceof Zmm) {
      evex(map, prefix, BITS_512, opcode, reg, second, memory, n);
    } else {
      vex(map, prefix, VEX_256, reg, second, memory);
      emit(opcode);
      modRm(reg, memory, 1);
    }
  }

  /** EVEX with registers only. */
  void evex(int map, int prefix, int opcode, int reg, int second, int rm) {
    evexPrefix(map, prefix, BITS_512, reg, second, rm, rm >> 1);
    emit(opcode);
    modRm(reg, rm);
  }

  /** EVEX with memory; displacements of one byte count in units of {@code n} bytes. */
  void evex(int map, int prefix, int form, int opcode, int reg, int second, Address memory, int n) {
    evexPrefix(map, prefix, form, reg, second, memory.base().number(), index(memory));
    emit(opcode);
    modRm(reg, memory, n);
  }

  /** The fourth bit of {@code rm} and {@code index} counts, all five of the others; W = 0. */
  void evexPrefix(int map, int prefix, int form, int reg, int second, int rm, int index) {
    emit(0x62);
    emit(((~reg & 8) << 4) | ((~index & 8) << 3) | ((~rm & 8) << 2) | (~reg & 16) | map);
    emit(((~second & 15) << 3) | 4 | prefix);
    emit(form | ((~second & 16) >> 1));
  }

  void modRm(int reg, int rm) {
    emit(0xC0 | ((reg & 7) << 3) | (rm & 7));
  }

  void modRm(int reg, Address memory, int n) {
    int base = memory.base().number() & 7;
    int displacement = memory.displacement();
    boolean small = displacement % n == 0 && displacement / n == (byte) (displacement / n);
    // A base of rbp or r13 without a displacement would mean something else.
    int mod = displacement == 0 && base != 5 ? 0 : (small ? 1 : 2);
    boolean sib = memory.index() != null || base == 4;
    emit((mod << 6) | ((reg & 7) << 3) | (sib ? 4 : base));
    if (sib) {
      int index = memory.index() == null ? 4 : memory.index().number() & 7;
      emit((Integer.numberOfTrailingZeros(memory.scale()) << 6) | (index << 3) | base);
    }
    if (mod == 1) {
      emit(displacement / n);
    } else if (mod == 2) {
      emit32(displacement);
    }
  }

  private static int index(Address memory) {
    return memory.index() == null ? 0 : memory.index().number();
  }

  /** Writes 32 bits over what is there. */
  void patch(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >> (8 * i));
    }
  }

  void emit32(int value) {
    for (int i = 0; i < 4; i++) {
      emit(value >> (8 * i));
    }
  }

  void emit(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }
}
