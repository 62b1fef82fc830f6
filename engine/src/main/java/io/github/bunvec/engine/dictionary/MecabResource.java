package io.github.bunvec.engine.dictionary;

import io.github.bunvec.tokenizer.mecab.DictionaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mecabrc or dicrc: lines {@code key = value}. What of it decides words is {@code dicdir} (of a
 * mecabrc) and {@code userdic}. {@code max-grouping-size} does not: MeCab 0.996 gives the option's
 * default precedence over the file.
 */
record MecabResource(Path file, Map<String, String> values) {

  private static final Pattern ENTRY =
      Pattern.compile(
          "[ \\t]*+(?:\"(?<quoted>(?:[^\"]++|\"\")*+)\"?[^,]*+|(?<plain>[^,]*+))(?:,|$)");

  /**
   * Reads a file; the first line of a key holds.
   *
   * @throws DictionaryException if a line has no "=", which MeCab refuses, too
   */
  static MecabResource read(Path file) throws IOException {
    Map<String, String> values = new TreeMap<>();
    int number = 0;
    // Comments may be in any encoding; values are names of files.
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      number++;
      if (line.isEmpty() || line.charAt(0) == ';' || line.charAt(0) == '#') {
        continue;
      }
      int sign = line.indexOf('=');
      if (sign < 0) {
        if (line.isBlank()) {
          continue;
        }
        throw new DictionaryException(
            "%s: line %d is '%s', expected key = value".formatted(file, number, line.strip()));
      }
      byte[] value = line.substring(sign + 1).strip().getBytes(StandardCharsets.ISO_8859_1);
      values.putIfAbsent(
          line.substring(0, sign).strip(), new String(value, StandardCharsets.UTF_8));
    }
    return new MecabResource(file, values);
  }

  /** Returns dicdir with the folder of this file where it says so, or null. */
  @Nullable String dictionary() {
    String value = values.get("dicdir");
    Path folder = file.getParent();
    return value == null
        ? null
        : value.replace("$(rcpath)", folder == null ? "." : folder.toString());
  }

  /** Returns userdic, or null. */
  @Nullable String users() {
    return values.get("userdic");
  }

  /** Cuts a list of files: at commas, which quotes keep; blanks before a name do not count. */
  static List<Path> files(String list) {
    List<Path> files = new ArrayList<>();
    Matcher entry = ENTRY.matcher(list);
    for (int at = 0; at < list.length() && entry.find(at); at = entry.end()) {
      String quoted = entry.group("quoted");
      files.add(Path.of(quoted == null ? entry.group("plain") : quoted.replace("\"\"", "\"")));
    }
    return files;
  }
}
