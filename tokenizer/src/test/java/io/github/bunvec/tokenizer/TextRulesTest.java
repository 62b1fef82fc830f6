package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
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
  void whitespaceIsPythons() {
    int[] whitespace =
        new int[] {
          0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000,
          0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
          0x2029, 0x202F, 0x205F, 0x3000
        };
    List<Integer> expected = java.util.stream.IntStream.of(whitespace).boxed().toList();
    List<Integer> found = new java.util.ArrayList<>();
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
