package io.github.bunvec.engine.cpu.kernel;

/**
 * One x86-64 instruction, as far as code generation is judged by it.
 *
 * @param offset where it starts in its method
 * @param length bytes
 * @param encoding which prefix gives its registers
 * @param map opcode map: 0 one-byte opcodes, 1 those behind 0F, 2 behind 0F38, 3 behind 0F3A, 5 and
 *     6 half-precision ones
 * @param opcode last byte of the opcode
 * @param operation bits 3 to 5 of the ModRM byte, which complete the opcode of some; -1 without it
 * @param stack whether it has a memory operand relative to the stack pointer
 * @param target where it jumps or calls to, an offset too; {@link #NOWHERE} for all others
 */
record Instruction(
    int offset,
    int length,
    Encoding encoding,
    int map,
    int opcode,
    int operation,
    boolean stack,
    int target) {

  /** The target of what does not jump, or does so to an address in a register. */
  static final int NOWHERE = Integer.MIN_VALUE;

  enum Encoding {
    /** With or without a REX prefix. */
    LEGACY,
    VEX,
    EVEX
  }

  int end() {
    return offset + length;
  }

  /** {@code vfmadd132ps}, {@code 213} and {@code 231}, and the same of doubles. */
  boolean isFusedMultiplyAdd() {
    return encoding != Encoding.LEGACY
        && map == 2
        && (opcode == 0x98 || opcode == 0xA8 || opcode == 0xB8);
  }

  /** Whether it works on vector or mask registers; so do moves of scalars into one. */
  boolean isVector() {
    return switch (map) {
      case 0 -> false;
      case 1 ->
          // vzeroupper; ldmxcsr and stmxcsr; conversions from floats to integers.
          !(opcode == 0x77 || opcode == 0xAE || opcode == 0x2C || opcode == 0x2D)
              && (encoding != Encoding.LEGACY || isLegacyVector());
      // From F0: movbe, crc32, andn, shlx and their like.
      case 2 -> opcode < 0xF0;
      // rorx.
      case 3 -> opcode != 0xF0;
      default -> true;
    };
  }

  /** SSE and MMX; among their opcodes behind 0F are some of general registers. */
  private boolean isLegacyVector() {
    return between(0x10, 0x17)
        || between(0x28, 0x2F)
        || between(0x50, 0x7F)
        || opcode == 0xC2
        || between(0xC4, 0xC6)
        || opcode >= 0xD0;
  }

  /** A vector register that is stored to the stack, loaded from it, or an operand still there. */
  boolean isSpill() {
    return stack && isVector();
  }

  /** {@code cmp} and {@code test}. */
  boolean isCompare() {
    if (encoding != Encoding.LEGACY || map != 0) {
      return false;
    }
    return switch (opcode) {
      case 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x84, 0x85, 0xA8, 0xA9 -> true;
      case 0x80, 0x81, 0x83 -> operation == 7;
      case 0xF6, 0xF7 -> operation < 2;
      default -> false;
    };
  }

  boolean isCall() {
    return isOneByte(0xE8) || isIndirect(2) || isIndirect(3);
  }

  boolean isConditionalJump() {
    return encoding == Encoding.LEGACY
        && switch (map) {
          case 0 -> between(0x70, 0x7F) || between(0xE0, 0xE3);
          case 1 -> between(0x80, 0x8F);
          default -> false;
        };
  }

  /** Whether what follows it is reached only by a jump: jmp, ret, hlt, int3, ud2. */
  boolean isEnd() {
    if (encoding != Encoding.LEGACY) {
      return false;
    }
    return switch (map) {
      case 0 ->
          switch (opcode) {
            case 0xC2, 0xC3, 0xCC, 0xE9, 0xEB, 0xF4 -> true;
            default -> isIndirect(4) || isIndirect(5);
          };
      case 1 -> opcode == 0x0B;
      default -> false;
    };
  }

  /** A call (2, 3) or a jump (4, 5) to an address in a register or in memory. */
  private boolean isIndirect(int kind) {
    return isOneByte(0xFF) && operation == kind;
  }

  private boolean isOneByte(int value) {
    return encoding == Encoding.LEGACY && map == 0 && opcode == value;
  }

  private boolean between(int first, int last) {
    return opcode >= first && opcode <= last;
  }
}
