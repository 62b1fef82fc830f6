package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.cpu.kernel.Instruction.Encoding;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Cuts 64-bit x86 machine code into instructions [Intel SDM volume 2, chapter 2 and appendix A].
 *
 * <p>Enough to follow jumps and to tell what an instruction does to the stack; operands are not
 * named. Opcodes that 64-bit mode does not have, and the prefixes of APX, are an error.
 */
final class InstructionDecoder {

  private final byte[] code;
  private int start;
  private int at;

  private boolean operand16;
  private boolean address32;
  private boolean wide;

  /** Whether the prefixes extend the base register: r12 for rsp. */
  private boolean extendedBase;

  private int operation;
  private boolean stack;

  private InstructionDecoder(byte[] code) {
    this.code = code;
  }

  static List<Instruction> decode(byte[] code) {
    InstructionDecoder decoder = new InstructionDecoder(code);
    List<Instruction> instructions = new ArrayList<>();
    while (decoder.at < code.length) {
      instructions.add(decoder.next());
    }
    return instructions;
  }

  private Instruction next() {
    start = at;
    operand16 = false;
    address32 = false;
    wide = false;
    extendedBase = false;
    operation = -1;
    stack = false;
    int b = legacyPrefixes();
    if (b == 0xC5) {
      // R vvvv L pp
      take();
      return vector(Encoding.VEX, 1);
    }
    if (b == 0xC4) {
      // R X B mmmmm, W vvvv L pp, the first three inverted
      int first = take();
      extendedBase = (first & 0x20) == 0;
      take();
      return vector(Encoding.VEX, first & 0x1F);
    }
    if (b == 0x62) {
      // R X B R' 0 mmm, W vvvv 1 pp, z L'L b V' aaa, the first four inverted
      int first = take();
      extendedBase = (first & 0x20) == 0;
      take();
      take();
      return vector(Encoding.EVEX, first & 0xF);
    }
    if ((b & 0xF0) == 0x40) {
      wide = (b & 8) != 0;
      extendedBase = (b & 1) != 0;
      b = take();
    }
    if (b != 0x0F) {
      return oneByte(b);
    }
    b = take();
    if (b == 0x38 || b == 0x3A) {
      int map = b == 0x38 ? 2 : 3;
      int opcode = take();
      modRm();
      skip(map == 3 ? 1 : 0);
      return instruction(Encoding.LEGACY, map, opcode, Instruction.NOWHERE);
    }
    return twoByte(b);
  }

  /** Returns the first byte behind the prefixes older than REX. */
  private int legacyPrefixes() {
    while (true) {
      int b = take();
      switch (b) {
        case 0x66 -> operand16 = true;
        case 0x67 -> address32 = true;
        case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0xF0, 0xF2, 0xF3 -> {}
        default -> {
          return b;
        }
      }
    }
  }

  private Instruction vector(Encoding encoding, int map) {
    if (map < 1 || map > (encoding == Encoding.VEX ? 3 : 6) || map == 4) {
      throw unknown("opcode map " + map);
    }
    int opcode = take();
    boolean modRm = encoding == Encoding.EVEX || map != 1 || opcode != 0x77;
    if (modRm) {
      modRm();
    }
    boolean immediate = map == 1 ? hasByteBehind0f(opcode) : map == 3;
    skip(immediate ? 1 : 0);
    return instruction(encoding, map, opcode, Instruction.NOWHERE);
  }

  /** Shuffles, shifts, compares, inserts and extracts end in a byte that selects. */
  private static boolean hasByteBehind0f(int opcode) {
    return switch (opcode) {
      case 0x70, 0x71, 0x72, 0x73, 0xC2, 0xC4, 0xC5, 0xC6 -> true;
      default -> false;
    };
  }

  private Instruction oneByte(int opcode) {
    int immediate = operand16 && !wide ? 2 : 4;
    switch (opcode) {
      case 0x06, 0x07, 0x0E, 0x16, 0x17, 0x1E, 0x1F, 0x27, 0x2F, 0x37, 0x3F -> throw unknown();
      case 0x60, 0x61, 0x82, 0x9A, 0xCE, 0xD4, 0xD5, 0xD6, 0xEA -> throw unknown();
      case 0x68, 0xA9 -> skip(immediate);
      case 0x69, 0x81, 0xC7 -> {
        modRm();
        skip(immediate);
      }
      case 0x6A, 0xA8, 0xCD, 0xE4, 0xE5, 0xE6, 0xE7 -> skip(1);
      case 0x6B, 0x80, 0x83, 0xC0, 0xC1, 0xC6 -> {
        modRm();
        skip(1);
      }
      case 0x63, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F -> modRm();
      case 0xA0, 0xA1, 0xA2, 0xA3 -> skip(address32 ? 4 : 8);
      case 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7 -> skip(1);
      case 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF -> skip(wide ? 8 : immediate);
      case 0xC2, 0xCA -> skip(2);
      case 0xC8 -> skip(3);
      case 0xD0, 0xD1, 0xD2, 0xD3, 0xFE, 0xFF -> modRm();
      case 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF -> modRm();
      case 0xE8, 0xE9 -> {
        return instruction(Encoding.LEGACY, 0, opcode, relative(4));
      }
      case 0xE0, 0xE1, 0xE2, 0xE3, 0xEB -> {
        return instruction(Encoding.LEGACY, 0, opcode, relative(1));
      }
      case 0xF6, 0xF7 -> {
        modRm();
        skip(operation >= 2 ? 0 : opcode == 0xF6 ? 1 : immediate);
      }
      default -> {
        if (opcode >= 0x70 && opcode < 0x80) {
          return instruction(Encoding.LEGACY, 0, opcode, relative(1));
        }
        if (opcode < 0x40) {
          arithmetic(opcode & 7, immediate);
        }
        // All others, from push to std, are the opcode alone.
      }
    }
    return instruction(Encoding.LEGACY, 0, opcode, Instruction.NOWHERE);
  }

  /** add, or, adc, sbb, and, sub, xor, cmp: four with ModRM, two of the accumulator. */
  private void arithmetic(int form, int immediate) {
    if (form < 4) {
      modRm();
    } else {
      skip(form == 4 ? 1 : immediate);
    }
  }

  private Instruction twoByte(int opcode) {
    switch (opcode) {
      case 0x04, 0x0A, 0x0C, 0x0E, 0x0F, 0x24, 0x25, 0x26, 0x27, 0x36, 0x39, 0x3B ->
          throw unknown();
      case 0x3C, 0x3D, 0x3E, 0x3F, 0xA6, 0xA7 -> throw unknown();
      // syscall, ud2, rdtsc and their like; emms; cpuid, push and pop of fs and gs, rsm.
      case 0x05, 0x06, 0x07, 0x08, 0x09, 0x0B, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x37 -> {}
      case 0x77, 0xA0, 0xA1, 0xA2, 0xA8, 0xA9, 0xAA -> {}
      // bswap
      case 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF -> {}
      case 0xA4, 0xAC, 0xBA -> {
        modRm();
        skip(1);
      }
      default -> {
        if (opcode >= 0x80 && opcode < 0x90) {
          return instruction(Encoding.LEGACY, 1, opcode, relative(4));
        }
        modRm();
        skip(hasByteBehind0f(opcode) ? 1 : 0);
      }
    }
    return instruction(Encoding.LEGACY, 1, opcode, Instruction.NOWHERE);
  }

  /** ModRM, and the SIB byte and displacement it asks for. */
  private void modRm() {
    int modRm = take();
    operation = modRm >> 3 & 7;
    int mod = modRm >> 6;
    int rm = modRm & 7;
    if (mod == 3) {
      return;
    }
    int base = rm;
    if (rm == 4) {
      base = take() & 7;
      stack = base == 4 && !extendedBase;
    }
    // Without a displacement base 5 means rip, or none behind a SIB byte, and 32 bits.
    skip(mod == 1 ? 1 : mod == 2 || base == 5 ? 4 : 0);
  }

  /** Reads a signed distance from the end of the instruction, which it closes. */
  private int relative(int bytes) {
    int distance = 0;
    for (int i = 0; i < bytes; i++) {
      distance |= take() << (8 * i);
    }
    int unused = 32 - 8 * bytes;
    return at + (distance << unused >> unused);
  }

  private Instruction instruction(Encoding encoding, int map, int opcode, int target) {
    return new Instruction(start, at - start, encoding, map, opcode, operation, stack, target);
  }

  private int take() {
    skip(1);
    return code[at - 1] & 0xFF;
  }

  private void skip(int bytes) {
    if (bytes > code.length - at) {
      throw unknown("the code ends within it");
    }
    at += bytes;
  }

  private IllegalArgumentException unknown() {
    return unknown("no such opcode in 64-bit mode");
  }

  private IllegalArgumentException unknown(String reason) {
    return new IllegalArgumentException(
        "cannot decode "
            + HexFormat.of().formatHex(code, start, Math.min(code.length, start + 15))
            + " at offset "
            + start
            + ": "
            + reason
            + "; teach InstructionDecoder, and tools/golden/instructions.py, what it is");
  }
}
