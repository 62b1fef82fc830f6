package io.github.bunvec.engine.cpu.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every instruction against the bytes of the GNU assembler (tools/golden/assembler_golden.py). */
class AssemblerTest {

  private static final Pattern MEMORY =
      Pattern.compile("\\[(\\w+)(?:\\+(\\w+)\\*(\\d))?([+-]\\d+)]");

  private static List<String> lines(String name) throws IOException {
    String resource = "/io/github/bunvec/engine/assembler/" + name;
    try (InputStream in =
        Objects.requireNonNull(AssemblerTest.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void everyInstructionIsEncodedAsByTheGnuAssembler() throws IOException {
    List<String> lines = lines("instructions.txt");
    assertTrue(lines.size() > 900, "there are " + lines.size() + " instructions");
    for (String line : lines) {
      String[] parts = line.split("\t", -1);
      Assembler assembler = new Assembler();
      write(assembler, parts[1]);
      assertEquals(parts[0], HexFormat.of().formatHex(assembler.code()), parts[1]);
    }
  }

  @Test
  void jumpsForwardsAndBackwards() throws IOException {
    Assembler assembler = new Assembler();
    Label one = new Label();
    Label two = new Label();
    assembler.jmp(two);
    assembler.bind(one);
    assembler.jz(one);
    assembler.jnz(two);
    assembler.bind(two);
    assembler.jl(one);
    assembler.jge(one);
    assertEquals(String.join("", lines("jumps.txt")), HexFormat.of().formatHex(assembler.code()));
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    assertThrows(IllegalArgumentException.class, () -> new Zmm(32));
    assertThrows(IllegalArgumentException.class, () -> new Ymm(16));
    assertThrows(IllegalArgumentException.class, () -> new Tile(8));
    assertThrows(
        IllegalArgumentException.class, () -> Address.at(Register.RAX, Register.RSP, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> Address.at(Register.RAX, Register.RCX, 3, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Assembler().tileloadd(new Tile(0), Address.at(Register.RAX, 0)));
  }

  /** Calls the method for a line of the listing. */
  private static void write(Assembler to, String instruction) {
    int space = instruction.indexOf(' ');
    String name = space < 0 ? instruction : instruction.substring(0, space);
    List<String> operands =
        space < 0 ? List.of() : List.of(instruction.substring(space + 1).split(", ", -1));
    switch (name) {
      case "cpuid" -> to.cpuid();
      case "xgetbv" -> to.xgetbv();
      case "ret" -> to.ret();
      case "vzeroupper" -> to.vzeroupper();
      case "tilerelease" -> to.tilerelease();
      case "push" -> to.push(register(operands.get(0)));
      case "pop" -> to.pop(register(operands.get(0)));
      case "prefetcht0" -> to.prefetcht0(memory(operands.get(0)));
      case "prefetcht1" -> to.prefetcht1(memory(operands.get(0)));
      case "ldtilecfg" -> to.ldtilecfg(memory(operands.get(0)));
      case "kmovd" -> to.kmovdK1(register(operands.get(1)));
      case "mov32" -> writeMov32(to, operands.get(0), operands.get(1));
      case "mov", "add", "sub", "cmp", "or", "shl", "lea" -> writeGeneral(to, name, operands);
      case "tileloadd" -> to.tileloadd(tile(operands.get(0)), memory(operands.get(1)));
      case "tilestored" -> to.tilestored(memory(operands.get(0)), tile(operands.get(1)));
      case "tdpbf16ps" ->
          to.tdpbf16ps(tile(operands.get(0)), tile(operands.get(1)), tile(operands.get(2)));
      default -> writeVector(to, name, operands);
    }
  }

  private static void writeMov32(Assembler to, String left, String right) {
    if (left.startsWith("[")) {
      to.mov32(memory(left), register(right));
    } else {
      to.mov32(register(left), memory(right));
    }
  }

  private static void writeGeneral(Assembler to, String name, List<String> operands) {
    String left = operands.get(0);
    String right = operands.get(1);
    if (left.startsWith("[")) {
      to.mov(memory(left), register(right));
    } else if (right.startsWith("[")) {
      switch (name) {
        case "mov" -> to.mov(register(left), memory(right));
        case "add" -> to.add(register(left), memory(right));
        default -> to.lea(register(left), memory(right));
      }
    } else if (Character.isLetter(right.charAt(0))) {
      switch (name) {
        case "mov" -> to.mov(register(left), register(right));
        case "add" -> to.add(register(left), register(right));
        default -> to.or(register(left), register(right));
      }
    } else {
      int value = Integer.parseInt(right);
      switch (name) {
        case "mov" -> to.mov(register(left), value);
        case "add" -> to.add(register(left), value);
        case "sub" -> to.sub(register(left), value);
        case "cmp" -> to.cmp(register(left), value);
        default -> to.shl(register(left), value);
      }
    }
  }

  private static void writeVector(Assembler to, String name, List<String> operands) {
    String first = operands.getFirst();
    String last = operands.getLast();
    if (first.startsWith("[")) {
      to.vmovups(memory(first), vector(last));
    } else if (first.endsWith(" {k1} {z}")) {
      to.vmovupsMasked(zmm(first.substring(0, first.indexOf(' '))), memory(last));
    } else if (name.equals("vpslld")) {
      to.vpslld(vector(first), vector(operands.get(1)), Integer.parseInt(last));
    } else if (last.startsWith("[")) {
      switch (name) {
        case "vmovups" -> to.vmovups(vector(first), memory(last));
        case "vbroadcastss" -> to.vbroadcastss(vector(first), memory(last));
        default -> to.vdpbf16ps(zmm(first), zmm(operands.get(1)), memory(last));
      }
    } else {
      writeVectors(to, name, first, operands.get(1), last);
    }
  }

  private static void writeVectors(Assembler to, String name, String a, String b, String c) {
    switch (name) {
      case "vmovaps" -> to.vmovaps(zmm(a), zmm(b));
      case "vdpbf16ps" -> to.vdpbf16ps(zmm(a), zmm(b), zmm(c));
      case "vfmadd231ps" -> to.vfmadd231ps(vector(a), vector(b), vector(c));
      case "vpxord" -> to.vpxord(zmm(a), zmm(b), zmm(c));
      case "vpand", "vpandd" -> to.vpand(vector(a), vector(b), vector(c));
      case "vcvtne2ps2bf16" -> to.vcvtne2ps2bf16(zmm(a), zmm(b), zmm(c));
      default -> throw new AssertionError("no method for " + name);
    }
  }

  private static Register register(String name) {
    return Register.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static VectorRegister vector(String name) {
    return name.startsWith("y") ? new Ymm(Integer.parseInt(name.substring(3))) : zmm(name);
  }

  private static Zmm zmm(String name) {
    return new Zmm(Integer.parseInt(name.substring(3)));
  }

  private static Tile tile(String name) {
    return new Tile(Integer.parseInt(name.substring(3)));
  }

  private static Address memory(String text) {
    Matcher matcher = MEMORY.matcher(text);
    assertTrue(matcher.matches(), text);
    @Nullable String index = matcher.group(2);
    int scale = index == null ? 1 : Integer.parseInt(matcher.group(3));
    return new Address(
        register(matcher.group(1)),
        index == null ? null : register(index),
        scale,
        Integer.parseInt(matcher.group(4)));
  }
}
