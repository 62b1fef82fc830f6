package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** NFKC, whitespace, lower case and UTF-8. */
final class TextRulesTest {

  @Test
  void inertCharactersNeedNoNormalisation() {
    int inert = 0;
    for (int c = 0; c <= 0xFFFF; c++) {
      if (CompatibilityForm.isInert((char) c)) {
        String text = String.valueOf((char) c);
        assertEquals(text, Normalizer.normalize(text, Normalizer.Form.NFKC));
        inert++;
      }
    }
    assertTrue(inert > 20_000);
    // None is the second part of a composition: nothing decomposes into something and it.
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      String parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD);
      String composed = Normalizer.normalize(parts, Normalizer.Form.NFC);
      if (composed.codePointCount(0, composed.length()) < parts.codePointCount(0, parts.length())) {
        int second = parts.offsetByCodePoints(0, 1);
        for (int i = second; i < parts.length(); i++) {
          assertFalse(CompatibilityForm.isInert(parts.charAt(i)), () -> parts);
        }
      }
    }
  }

  @Test
  void orderingMarksFirstChangesNothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[] marks =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(
                c ->
                    Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK
                        || Character.getType(c) == Character.ENCLOSING_MARK
                        || c == 0xFF9E
                        || c == 0xFF9F)
            .toArray();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      int kinds = random.nextInt(1, 300);
      int first = random.nextInt(marks.length);
      for (int run = 0; run < 3; run++) {
        text.append(new String[] {"", "a", "é", "か", "𠮷", "가", "ﾊ"}[random.nextInt(7)]);
        int length = random.nextInt(300);
        for (int k = 0; k < length; k++) {
          text.appendCodePoint(marks[(first + random.nextInt(kinds)) % marks.length]);
        }
      }
      assertEquals(
          Normalizer.normalize(text, Normalizer.Form.NFKC),
          CompatibilityForm.of(text.toString()),
          "seed " + seed);
    }
  }

  /** Normalizer by itself would take minutes. */
  @Test
  void manyMarksAreNormalisedInLinearTime() {
    int count = 300_000;
    String normalized = CompatibilityForm.of("e" + "\u0301\u0323".repeat(count));
    assertEquals("\u1EB9\u0301", Normalizer.normalize("e\u0301\u0323", Normalizer.Form.NFKC));
    assertEquals("\u1EB9" + "\u0323".repeat(count - 1) + "\u0301".repeat(count), normalized);
  }

  @Test
  void whitespaceIsPythons() {
    int[] whitespace =
        new int[] {
          0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000,
          0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
          0x2029, 0x202F, 0x205F, 0x3000
        };
    List<Integer> expected = IntStream.of(whitespace).boxed().toList();
    List<Integer> found = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
      int length = Whitespace.byteLength(utf8, 0, utf8.length);
      assertEquals(Whitespace.is(c), length > 0);
      if (length > 0) {
        assertEquals(utf8.length, length);
        int cut = utf8.length - 1;
        assertTrue(cut == 0 || Whitespace.byteLength(utf8, 0, cut) == 0);
        found.add(c);
      }
    }
    assertEquals(expected, found);
    assertEquals("a　", Whitespace.stripStart("\u0085 　a　"));
    assertEquals("\u0085a", Whitespace.stripEnd("\u0085a\u2028　"));
    assertEquals("", Whitespace.stripStart("  ") + Whitespace.stripEnd("  "));
  }

  /** Expected values are those of Python's str.lower. */
  @Test
  void lowerCaseIsPythons() {
    assertEquals("abc日本ａ", LowerCase.of("AbC日本Ａ"));
    assertEquals("i\u0307x", LowerCase.of("İX"));
    assertEquals("ος", LowerCase.of("ΟΣ"));
    assertEquals("σ", LowerCase.of("Σ"));
    assertEquals("οσα", LowerCase.of("ΟΣΑ"));
    assertEquals("ος'", LowerCase.of("ΟΣ'"));
    assertEquals("οσ'α", LowerCase.of("ΟΣ'Α"));
    assertEquals("ος 'α", LowerCase.of("ΟΣ 'Α"));
    assertEquals("ο\u0301ς\u0301", LowerCase.of("Ο\u0301Σ\u0301"));
    assertEquals("日σ", LowerCase.of("日Σ"));
    assertEquals("\uD801\uDC28", LowerCase.of("\uD801\uDC00"));
    assertEquals("οσ", LowerCase.ofEach("ΟΣ"));
    assertEquals("日本語", LowerCase.of("日本語"));
  }

  @Test
  void unpairedSurrogatesBecomeReplacementCharacters() {
    Utf8Text text = new Utf8Text();
    text.set("a\uD842b\uDFB7𠮷\uD842");
    assertEquals("a\uFFFDb\uFFFD𠮷\uFFFD", text.substring(0, text.length()));
    String all = "aé漢𠮷\u0000\u007F\u0080\u07FF\u0800\uFFFF\uDBFF\uDFFF";
    text.set(all);
    assertEquals(all, text.substring(0, text.length()));
  }
}
