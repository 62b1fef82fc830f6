package io.github.bunvec.tokenizer.ipadic.build;

import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Category;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Range;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The character categories of mecab-ipadic 2.7.0-20070801, in the order of its char.bin. */
final class IpadicCharacters {

  static final List<Category> CATEGORIES =
      List.of(
          new Category("DEFAULT", false, true, 0),
          new Category("SPACE", false, true, 0),
          new Category("KANJI", false, false, 2),
          new Category("SYMBOL", true, true, 0),
          new Category("NUMERIC", true, true, 0),
          new Category("ALPHA", true, true, 0),
          new Category("HIRAGANA", false, true, 2),
          new Category("KATAKANA", true, true, 2),
          new Category("KANJINUMERIC", true, true, 0),
          new Category("GREEK", true, true, 0),
          new Category("CYRILLIC", true, true, 0));

  private static final String RANGES =
      """
      0009-000B SPACE
      0020-0020 SPACE
      0021-002F SYMBOL
      0030-0039 NUMERIC
      003A-0040 SYMBOL
      0041-005A ALPHA
      005B-0060 SYMBOL
      0061-007A ALPHA
      007B-007E SYMBOL
      00A1-00BF SYMBOL
      00C0-0236 ALPHA
      0374-03FB GREEK
      0400-04F9 CYRILLIC
      0500-050F CYRILLIC
      1E00-1EF9 ALPHA
      2000-206F SYMBOL
      2070-209F NUMERIC
      20A0-214F SYMBOL
      2150-218F NUMERIC
      2190-23FF SYMBOL
      2460-24FF SYMBOL
      2501-26FE SYMBOL
      2700-297F SYMBOL
      2A00-2BFF SYMBOL
      2E80-2EF3 KANJI
      2F00-2FD5 KANJI
      3000-3006 SYMBOL
      3007-3007 SYMBOL KANJINUMERIC
      3008-303F SYMBOL
      3041-309F HIRAGANA
      30A1-30FF KATAKANA
      31F0-31FF KATAKANA
      3200-32FE SYMBOL
      3300-33FF SYMBOL
      3400-4DB5 KANJI
      4E00-4E00 KANJINUMERIC KANJI
      4E01-4E02 KANJI
      4E03-4E03 KANJINUMERIC KANJI
      4E04-4E06 KANJI
      4E07-4E07 KANJINUMERIC KANJI
      4E08-4E08 KANJI
      4E09-4E09 KANJINUMERIC KANJI
      4E0A-4E5C KANJI
      4E5D-4E5D KANJINUMERIC KANJI
      4E5E-4E8B KANJI
      4E8C-4E8C KANJINUMERIC KANJI
      4E8D-4E93 KANJI
      4E94-4E94 KANJINUMERIC KANJI
      4E95-5103 KANJI
      5104-5104 KANJINUMERIC KANJI
      5105-5145 KANJI
      5146-5146 KANJINUMERIC KANJI
      5147-516A KANJI
      516B-516B KANJINUMERIC KANJI
      516C-516C KANJI
      516D-516D KANJINUMERIC KANJI
      516E-5340 KANJI
      5341-5341 KANJINUMERIC KANJI
      5342-5342 KANJI
      5343-5343 KANJINUMERIC KANJI
      5344-56DA KANJI
      56DB-56DB KANJINUMERIC KANJI
      56DC-767D KANJI
      767E-767E KANJINUMERIC KANJI
      767F-9FA5 KANJI
      F900-FA2D KANJI
      FA30-FA6A KANJI
      FE30-FE6B SYMBOL
      FF01-FF0F SYMBOL
      FF10-FF19 NUMERIC
      FF1A-FF1F SYMBOL
      FF21-FF3A ALPHA
      FF3B-FF40 SYMBOL
      FF41-FF5A ALPHA
      FF5B-FF65 SYMBOL
      FF66-FF9F KATAKANA
      FFE0-FFEF SYMBOL
      """;

  private IpadicCharacters() {}

  /** Returns the ranges; characters outside them are DEFAULT. */
  static List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    for (String line : RANGES.lines().toList()) {
      ranges.add(
          new Range(
              HexFormat.fromHexDigits(line, 0, 4),
              HexFormat.fromHexDigits(line, 5, 9),
              List.of(line.substring(10).split(" ", -1))));
    }
    return ranges;
  }
}
