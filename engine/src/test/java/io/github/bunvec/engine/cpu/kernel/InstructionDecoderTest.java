package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against objdump's reading of the same bytes (tools/golden/instructions.py). */
class InstructionDecoderTest {

  private static final Pattern TARGET = Pattern.compile("(?:j\\w+|call|loop) 0x(\\p{XDigit}+)");

  /** An instruction and what objdump calls it, without prefixes. */
  private record Listed(byte[] code, String text) {

    static Listed of(String line) {
      String[] parts = line.split("\t", -1);
      return new Listed(
          HexFormat.of().parseHex(parts[0]),
          parts[1].replaceFirst("^(?:(?:cs|ds|lock|rep|repnz) )+", ""));
    }

    boolean is(String mnemonics) {
      return text.matches("(?:" + mnemonics + ")(?: .*)?");
    }

    int target() {
      Matcher matcher = TARGET.matcher(text);
      // Before the first instruction objdump counts as unsigned 64 bits.
      return matcher.matches()
          ? (int) Long.parseUnsignedLong(matcher.group(1), 16)
          : Instruction.NOWHERE;
    }
  }

  @Test
  void readsWhatObjdumpReads() throws IOException {
    List<Listed> listing = listing();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    listing.forEach(listed -> bytes.writeBytes(listed.code()));
    List<Instruction> instructions = InstructionDecoder.decode(bytes.toByteArray());
    assertTrue(listing.size() > 500, listing.size() + " instructions listed");
    int offset = 0;
    List<Executable> checks = new ArrayList<>();
    for (int i = 0; i < listing.size(); i++) {
      Listed listed = listing.get(i);
      Instruction instruction = instructions.get(i);
      assertEquals(offset, instruction.offset(), listed.text());
      assertEquals(listed.code().length, instruction.length(), listed.text());
      offset += listed.code().length;
      checks.add(() -> same(listed, instruction));
    }
    assertEquals(listing.size(), instructions.size());
    assertAll(checks);
  }

  private static void same(Listed listed, Instruction instruction) {
    String text = listed.text();
    boolean vector = text.matches(".*\\b(?:[xyz]?mm|k)[0-9].*");
    assertEquals(vector && text.contains("[rsp"), instruction.isSpill(), text);
    assertEquals(listed.is("vfmadd(?:132|213|231)p[sd]"), instruction.isFusedMultiplyAdd(), text);
    assertEquals(listed.is("cmp|test"), instruction.isCompare(), text);
    assertEquals(listed.is("call"), instruction.isCall(), text);
    assertEquals(listed.is("j(?!mp)\\w+|loop"), instruction.isConditionalJump(), text);
    assertEquals(listed.is("jmp|ret|hlt|int3|ud2"), instruction.isEnd(), text);
    assertEquals(listed.target(), instruction.target(), text);
  }

  private static List<Listed> listing() throws IOException {
    try (InputStream in = InstructionDecoderTest.class.getResourceAsStream("instructions.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(Listed::of)
          .toList();
    }
  }

  /** pusha, a REX2 prefix, an undefined opcode behind 0F, opcode maps that VEX and EVEX lack. */
  @ParameterizedTest
  @ValueSource(strings = {"60", "d51090", "0f04", "c4e47810c0", "62f47c4810c0"})
  void refusesWhatItDoesNotKnow(String code) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> InstructionDecoder.decode(HexFormat.of().parseHex("90" + code)));
    assertTrue(
        e.getMessage().startsWith("cannot decode " + code + " at offset 1: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0f", "48", "8b", "8b44", "8b8424000000", "e8000000", "c4e27d", "62f17c48"})
  void refusesHalfAnInstruction(String code) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> InstructionDecoder.decode(HexFormat.of().parseHex(code)));
    assertTrue(e.getMessage().contains("the code ends within it"), e.getMessage());
  }
}
