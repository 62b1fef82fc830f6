package io.github.bunvec.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SentencePieceModelTest {

  private static final String SPACE = "\u2581";

  private static void assertRefused(TinyModel model, String message) {
    SentencePieceException e =
        assertThrows(
            SentencePieceException.class,
            () -> SentencePieceModel.parse(model.bytes(), "spiece.model"));
    assertEquals("spiece.model: " + message, e.getMessage());
  }

  @Test
  void tellsWhatTheFileHolds() throws IOException {
    SentencePieceModel model = GoldenModels.read("suffix");
    assertTrue(model.treatWhitespaceAsSuffix());
    assertTrue(model.addDummyPrefix());
    assertTrue(model.removeExtraWhitespaces());
    assertTrue(model.escapeWhitespaces());
    assertFalse(model.byteFallback());
    assertEquals(0, model.precompiledCharsmap().length);
    assertEquals(0, model.unknownId());
    assertEquals(SentencePieceModel.UNKNOWN, model.type(0));
    assertEquals("<s>", model.piece(1));
    assertEquals(SentencePieceModel.CONTROL, model.type(1));
    assertEquals(SentencePieceModel.NORMAL, model.type(model.size() - 1));
    assertTrue(model.score(model.size() - 1) < 0);
    for (int id = 0; id < model.size(); id++) {
      assertEquals(id, model.pieceToId(model.piece(id)));
    }
    assertEquals(0, model.pieceToId("no such piece"));
    assertEquals(0, model.pieceToId(""));
    assertThrows(IndexOutOfBoundsException.class, () -> model.piece(model.size()));
    assertThrows(IndexOutOfBoundsException.class, () -> model.score(model.size()));
    assertThrows(IndexOutOfBoundsException.class, () -> model.type(-1));
    assertFalse(GoldenModels.read("raw").addDummyPrefix());
    assertFalse(GoldenModels.read("raw").removeExtraWhitespaces());
    assertTrue(GoldenModels.read("byte_fallback").byteFallback());
    assertTrue(GoldenModels.read("nfkc").precompiledCharsmap().length > 100_000);
  }

  @Test
  void findsTheBestPath() {
    TinyModel tiny = TinyModel.of("ab", "a", "b", SPACE + "a", SPACE);
    SentencePieceModel model = SentencePieceModel.parse(tiny.bytes());
    // Scores -4, -15 and -1: better than -5 and -2 at the beginning, or -2 and -3 at the end.
    assertEquals(List.of(SPACE + "a", "x", "ab"), model.pieces("axab"));
    assertArrayEquals(new int[] {4, 0, 1}, model.encode("axab"));
    // A run of unknown characters is one piece.
    assertEquals(List.of(SPACE, "xyz"), model.pieces("  xyz "));
    assertEquals(List.of(), model.pieces("   "));
  }

  @Test
  void skipsWhatItDoesNotKnow() {
    TinyModel group = new TinyModel().raw(0x0B, 0x12, 1, 'x', 0x13, 0x15, 1, 2, 3, 4, 0x14, 0x0C);
    TinyModel tiny =
        new TinyModel()
            .varint(900, 5)
            .raw(0x99, 0x3F, 1, 2, 3, 4, 5, 6, 7, 8)
            .raw(group.bytes()[0])
            .raw(0x0C)
            .varint(1, 3) // field 1 of another type is another field
            .bytes(4, new byte[7])
            .message(3, new TinyModel().bytes(1, new byte[2]).varint(3, 0).varint(999, 1))
            .piece("<unk>", 0, SentencePieceModel.UNKNOWN)
            .piece("a", -1, SentencePieceModel.NORMAL);
    assertEquals(List.of("a", "b"), SentencePieceModel.parse(tiny.bytes()).pieces("ab"));
  }

  @Test
  void refusesOtherModels() {
    for (int type : new int[] {0, 2, 3, 4, 7}) {
      String found = List.of("unknown", "", "BPE", "word", "char", "", "", "unknown").get(type);
      assertRefused(
          TinyModel.of("a").message(2, new TinyModel().varint(3, type)),
          "model_type is " + type + " (" + found + "), this version supports 1 (unigram)");
    }
  }

  @Test
  void refusesPiecesThatCannotBe() {
    assertRefused(new TinyModel(), "has no pieces");
    assertRefused(
        new TinyModel().piece("a", 0, SentencePieceModel.NORMAL),
        "has no piece of type unknown and no byte_fallback");
    assertRefused(
        TinyModel.of("a").piece("?", 0, SentencePieceModel.UNKNOWN),
        "pieces 0 and 2 are both of type unknown");
    assertRefused(TinyModel.of("a", "b", "a"), "pieces 1 and 3 are equal");
    assertRefused(
        TinyModel.of("a").piece("a", 0, SentencePieceModel.UNUSED), "pieces 1 and 2 are equal");
    assertRefused(TinyModel.of(""), "piece 1 has 0 bytes, expected 1 to 7999");
    assertRefused(TinyModel.of("x".repeat(8000)), "piece 1 has 8000 bytes, expected 1 to 7999");
    assertRefused(TinyModel.of("a\0"), "piece 1 holds a zero byte");
    assertRefused(
        TinyModel.of("a").piece("b", Float.NaN, SentencePieceModel.NORMAL),
        "piece 2 has the score NaN");
    assertRefused(TinyModel.of("a").piece("b", 0, 7), "piece 2 has type 7, expected 1 to 6");
    assertRefused(
        TinyModel.of("a").piece("<0x00>", 0, SentencePieceModel.BYTE),
        "piece 2 is of type byte, but byte_fallback is off");
    assertRefused(
        TinyModel.of("a").message(2, new TinyModel().varint(35, 1)),
        "has byte_fallback, but no piece <0x00> of type byte");
  }

  @Test
  void refusesBrokenProtobuf() {
    String end = "; expected a SentencePiece model, a protobuf message";
    assertRefused(TinyModel.of("a").raw(0x0A), "field 1 is cut off (byte 29)" + end);
    assertRefused(
        TinyModel.of("a").raw(0x0A, 5),
        "field 1 should have 5 bytes, but 0 are left (byte 30)" + end);
    assertRefused(
        new TinyModel().raw(0x0C), "field 1 ends a group that was not begun (byte 1)" + end);
    assertRefused(
        new TinyModel().raw(0x0E),
        "field 1 has wire type 6, which protobuf does not have (byte 1)" + end);
    assertRefused(new TinyModel().raw(2), "field 0 has no valid number (byte 1)" + end);
    assertRefused(new TinyModel().raw(0x0B), "field 1 is cut off (byte 1)" + end);
    assertRefused(
        new TinyModel().message(1, new TinyModel().bytes(1, new byte[] {(byte) 0xE3})),
        "piece 0: field 1 is not UTF-8 (byte 5)" + end);
    assertRefused(
        new TinyModel().raw(0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
        "field 1 holds a number of more than 64 bits (byte 11)" + end);
  }

  @Test
  void longPiecesAreFound() {
    String longest = "x".repeat(7999);
    SentencePieceModel model = SentencePieceModel.parse(TinyModel.of("x", longest).bytes());
    assertEquals(2, model.pieceToId(longest));
    assertEquals(List.of(SPACE, longest), model.pieces(longest));
  }

  @Test
  void unusedPiecesHaveIdsAndAreNotFound() {
    TinyModel tiny = TinyModel.of("a", "b").piece("ab", 5, SentencePieceModel.UNUSED);
    SentencePieceModel model = SentencePieceModel.parse(tiny.bytes());
    assertEquals(3, model.pieceToId("ab"));
    assertEquals(List.of(SPACE, "a", "b"), model.pieces("ab"));
  }

  @Test
  void filesAreNamedInErrors(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("spiece.model");
    Files.write(file, GoldenModels.bytes("identity"));
    assertEquals(
        GoldenModels.read("identity").pieces("猫"), SentencePieceModel.read(file).pieces("猫"));
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");
    SentencePieceException e =
        assertThrows(SentencePieceException.class, () -> SentencePieceModel.read(file));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("spiece.model: field 14 "), e.getMessage());
    assertThrows(IOException.class, () -> SentencePieceModel.read(folder.resolve("none")));
  }

  /** A model that is broken anywhere is refused, or is another model that works. */
  @Test
  void brokenModelsAreRefusedOrWork() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<byte[]> models =
        List.of(
            TinyModel.of("a", "b", "ab", SPACE).message(3, new TinyModel().varint(3, 1)).bytes(),
            GoldenModels.bytes("user_defined"),
            GoldenModels.bytes("byte_fallback"),
            GoldenModels.bytes("nmt_nfkc"));
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      int which = round < 1000 ? 0 : round % 15 == 0 ? 3 : 1 + round % 2;
      byte[] broken = broken(models.get(which), random);
      try {
        SentencePieceModel model = SentencePieceModel.parse(broken);
        for (String text : List.of("ab 日本の🍣ｶﾞ①", " \u200b鱻[SEP]", "ab".repeat(50))) {
          assertEquals(model.encode(text).length, model.pieces(text).size());
        }
      } catch (SentencePieceException e) {
        refused++;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertTrue(refused > 100 && refused < 1500, refused + " refused, seed " + seed);
  }

  private static byte[] broken(byte[] model, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(model, random.nextInt(model.length));
    }
    byte[] copy = model.clone();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return copy;
  }

  @Test
  void charsmapGivesLongestAndShortest() throws IOException {
    PrecompiledCharsmap charsmap =
        PrecompiledCharsmap.of(GoldenModels.read("nfkc").precompiledCharsmap());
    byte[] text = "xｶﾞ".getBytes(StandardCharsets.UTF_8);
    long longest = charsmap.longestMatch(text, 1, text.length);
    assertEquals("ガ", charsmap.replacement(longest));
    assertEquals(6, PrecompiledCharsmap.length(longest));
    long shortest = charsmap.shortestMatch(text, 1, text.length);
    assertEquals("カ", charsmap.replacement(shortest));
    assertEquals(3, PrecompiledCharsmap.length(shortest));
    // The end given is respected.
    assertEquals("カ", charsmap.replacement(charsmap.longestMatch(text, 1, 4)));
    assertEquals(PrecompiledCharsmap.NO_MATCH, charsmap.longestMatch(text, 1, 1));
    byte[] kanji = "猫".getBytes(StandardCharsets.UTF_8);
    assertEquals(PrecompiledCharsmap.NO_MATCH, charsmap.longestMatch(kanji, 0, 3));
    PrecompiledCharsmap none = PrecompiledCharsmap.of(new byte[0]);
    assertEquals(PrecompiledCharsmap.NO_MATCH, none.shortestMatch(text, 1, text.length));
  }

  @Test
  void refusesBrokenCharsmaps() throws IOException {
    byte[] whole = GoldenModels.read("nfkc").precompiledCharsmap();
    assertThrows(SentencePieceException.class, () -> PrecompiledCharsmap.of(new byte[3]));
    assertThrows(SentencePieceException.class, () -> PrecompiledCharsmap.of(new byte[4096]));
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    assertThrows(SentencePieceException.class, () -> PrecompiledCharsmap.of(cut));
    byte[] wild = whole.clone();
    Arrays.fill(wild, 8, 64, (byte) 0x7F);
    assertRefused(
        TinyModel.of("a").message(3, new TinyModel().bytes(2, wild)),
        "precompiled_charsmap holds a trie that leads out of itself");
  }
}
