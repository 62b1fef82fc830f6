package io.github.bunvec.tokenizer.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * BERT's clean-up in this order: control characters dropped and whitespace made spaces; spaces put
 * around Chinese characters; accents dropped after decomposition; each character lower-cased.
 *
 * @param cleanText {@code clean_text}
 * @param handleChineseChars {@code handle_chinese_chars}
 * @param stripAccents {@code strip_accents}; null for the value of {@code lowercase}
 * @param lowercase {@code lowercase}
 */
public record BertNormalizer(
    boolean cleanText,
    boolean handleChineseChars,
    @Nullable Boolean stripAccents,
    boolean lowercase)
    implements Normalizer {

  @Override
  public String normalize(String text) {
    String clean = cleanText || handleChineseChars ? cleaned(text) : text;
    boolean strip = stripAccents == null ? lowercase : stripAccents;
    String plain = strip ? withoutAccents(clean) : clean;
    return lowercase ? Lowercase.of(plain) : plain;
  }

  private String cleaned(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c >= 0x20 && c < 0x7F) {
        result.append((char) c);
      } else if (cleanText && isBlank(c)) {
        result.append(' ');
      } else if (handleChineseChars && isChinese(c)) {
        result.append(' ').appendCodePoint(c).append(' ');
      } else if (!(cleanText && CharacterClass.CONTROL.contains(c))) {
        result.appendCodePoint(c);
      }
    }
    return result.toString();
  }

  /** Returns whether a character becomes a space; some of White_Space are controls and dropped. */
  private static boolean isBlank(int c) {
    return CharacterClass.isWhitespace(c) && c != 0x0B && c != 0x0C && c != 0x85;
  }

  /** The library's ranges; the fourth of the supplementary ones begins 256 after its block. */
  private static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private static String withoutAccents(String text) {
    String decomposed = UnicodeForm.NFD.normalize(text);
    return Filter.without(CharacterClass.NONSPACING_MARK, decomposed);
  }
}
