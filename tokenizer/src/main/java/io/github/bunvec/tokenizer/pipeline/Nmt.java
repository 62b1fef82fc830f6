package io.github.bunvec.tokenizer.pipeline;

/** Drops some control characters and makes spaces of others, as Google's NMT does. */
public record Nmt() implements Normalizer {

  @Override
  public String normalize(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isBlank(c)) {
        result.append(' ');
      } else if (!isDropped(c)) {
        result.append(c);
      }
    }
    return result.toString();
  }

  private static boolean isDropped(char c) {
    return (c >= 0x01 && c <= 0x08)
        || c == 0x0B
        || (c >= 0x0E && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  private static boolean isBlank(char c) {
    return switch (c) {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> true;
      default -> c >= 0x200B && c <= 0x200F;
    };
  }
}
