package io.github.bunvec.hub;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables read as huggingface_hub reads them, except that an empty one counts as not
 * set.
 */
record Environment(Map<String, String> variables) {

  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\w+|\\{[^}]*})");

  /** Returns the first of the variables that is set. */
  @Nullable String first(String... names) {
    for (String name : names) {
      String value = variables.get(name);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }

  boolean isTrue(String... names) {
    String value = first(names);
    return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
  }

  int seconds(String name, int otherwise) throws HubException {
    String value = first(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int seconds = Integer.parseInt(value.strip());
      if (seconds > 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new HubException(name + " is '" + value + "', expected a number of seconds", e);
    }
    throw new HubException(name + " is '" + value + "', expected at least 1 second");
  }

  String home() {
    String home = first("HOME", "USERPROFILE");
    return home == null ? System.getProperty("user.home") : home;
  }

  /** A leading ~ becomes the home directory, $NAME and ${NAME} what they stand for if anything. */
  String expanded(String path) {
    String text = path;
    if (text.equals("~") || text.startsWith("~/")) {
      text = home() + text.substring(1);
    }
    return REFERENCE
        .matcher(text)
        .replaceAll(
            reference -> {
              String name = reference.group(1);
              String bare = name.startsWith("{") ? name.substring(1, name.length() - 1) : name;
              String value = variables.get(bare);
              return Matcher.quoteReplacement(value == null ? reference.group() : value);
            });
  }
}
