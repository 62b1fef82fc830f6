package io.github.bunvec.engine.dictionary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mecab_option} of a tokenizer_config.json asks for, read as fugashi and MeCab 0.996
 * read it: cut into arguments by the rules of Python's shlex, then short and long options, the last
 * of each kind holding. Words that are no options are ignored, as MeCab ignores them.
 *
 * @param dictionary {@code -d}, or null
 * @param users {@code -u}: files separated by commas, or null
 * @param resource {@code -r}, or null
 * @param maxGrouping {@code -M}, or null
 * @param ineffective options that change no words, as they were written
 */
record MecabOption(
    @Nullable String dictionary,
    @Nullable String users,
    @Nullable String resource,
    @Nullable Integer maxGrouping,
    List<String> ineffective) {

  /** Short and long names; with a value where a sign "=" follows. */
  private static final Map<String, String> NAMES = new HashMap<>();

  static {
    for (String name :
        List.of(
            "r rcfile=",
            "d dicdir=",
            "u userdic=",
            "l lattice-level=",
            "D dictionary-info",
            "O output-format-type=",
            "a all-morphs",
            "N nbest=",
            "p partial",
            "m marginal",
            "M max-grouping-size=",
            "F node-format=",
            "U unk-format=",
            "B bos-format=",
            "E eos-format=",
            "S eon-format=",
            "x unk-feature=",
            "b input-buffer-size=",
            "P dump-config",
            "C allocate-sentence",
            "t theta=",
            "c cost-factor=",
            "o output=",
            "v version",
            "h help")) {
      NAMES.put("-" + name.charAt(0), name.substring(2));
      NAMES.put("--" + name.substring(2).replace("=", ""), name.substring(2));
    }
  }

  /** Creates an option; the list is copied. */
  MecabOption {
    ineffective = List.copyOf(ineffective);
  }

  /**
   * Reads an option string.
   *
   * @throws IllegalArgumentException if MeCab would not take it or it changes words in a way that
   *     is not supported
   */
  static MecabOption parse(String option) {
    Map<String, String> values = new HashMap<>();
    List<String> ineffective = new ArrayList<>();
    List<String> arguments = ShellWords.split(option);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--") || argument.startsWith("--=")) {
        break;
      }
      if (argument.length() < 2 || argument.charAt(0) != '-') {
        continue;
      }
      boolean isLong = argument.startsWith("--");
      int sign = isLong ? argument.indexOf('=') : -1;
      String key = argument.substring(0, isLong ? sign < 0 ? argument.length() : sign : 2);
      String value = isLong ? sign < 0 ? "" : argument.substring(sign + 1) : argument.substring(2);
      boolean hasValue = isLong ? sign >= 0 : !value.isEmpty();
      String name = NAMES.get(key);
      if (name == null) {
        throw new IllegalArgumentException("%s is no option of MeCab".formatted(key));
      }
      if (!name.endsWith("=") && hasValue) {
        throw new IllegalArgumentException("%s takes no value".formatted(key));
      }
      if (name.endsWith("=") && !hasValue) {
        if (i + 1 == arguments.size()) {
          throw new IllegalArgumentException("%s needs a value".formatted(key));
        }
        value = arguments.get(++i);
        argument += " " + value;
      }
      take(name, key, value, argument, values, ineffective);
    }
    return new MecabOption(
        values.get("dicdir="),
        values.get("userdic="),
        values.get("rcfile="),
        maxGrouping(values.get("max-grouping-size=")),
        ineffective);
  }

  private static void take(
      String name,
      String key,
      String value,
      String argument,
      Map<String, String> values,
      List<String> ineffective) {
    switch (name) {
      case "dicdir=", "userdic=", "rcfile=", "max-grouping-size=" -> values.put(name, value);
      case "partial", "all-morphs" ->
          throw new IllegalArgumentException(
              "%s changes what MeCab gives and is not supported; leave it out".formatted(key));
      default -> ineffective.add(argument);
    }
  }

  /** MeCab takes its default, 24, for 0. */
  private static @Nullable Integer maxGrouping(@Nullable String value) {
    if (value == null) {
      return null;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "the maximum grouping size is '%s', expected a number".formatted(value));
    }
    int size = Integer.parseInt(value);
    return size == 0 ? null : size;
  }
}
