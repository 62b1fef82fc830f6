package io.github.bunvec.loader;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON configuration file that knows where it stands, so that each typed access can
 * say file, key, found and expected. Numbers keep their text: 768 is an integer, 768.0 is not.
 * Immutable; reading the largest file costs a few times its size in memory.
 *
 * <p>Values of the wrong kind and missing keys throw {@link CheckpointException}.
 */
public final class JsonNode {

  /** The largest file of a model directory is a tokenizer.json of some 20 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private record NumberText(String text) {}

  private final String file;
  private final @Nullable JsonNode parent;
  private final String step; // what follows the parent's path
  private final @Nullable Object value; // Map, List, String, NumberText, Boolean

  private JsonNode(String file, @Nullable JsonNode parent, String step, @Nullable Object value) {
    this.file = file;
    this.parent = parent;
    this.step = step;
    this.value = value;
  }

  /**
   * Reads a file.
   *
   * @param label the name of the file in messages
   */
  static JsonNode read(Path path, String label) throws IOException {
    long size = Files.size(path);
    if (size > MAX_BYTES) {
      throw new CheckpointException(
          label + ": has " + size + " bytes, expected at most " + MAX_BYTES);
    }
    return parse(label, Files.readAllBytes(path));
  }

  /**
   * Reads a document.
   *
   * @param file the name of the file in messages
   * @param utf8 one strict JSON value in UTF-8
   * @return its value
   * @throws CheckpointException if it is not strictly JSON or a key stands there twice
   */
  public static JsonNode parse(String file, byte[] utf8) {
    Object value = StrictJson.parse(file, utf8, reader -> raw(file, reader));
    return new JsonNode(file, null, "", value == NULL ? null : value);
  }

  /** JSON's null among raw values. */
  private static final Object NULL = new Object();

  private static Object raw(String file, JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readMembers(file, reader);
      case BEGIN_ARRAY -> readItems(file, reader);
      case STRING -> reader.nextString();
      case NUMBER -> new NumberText(reader.nextString());
      case BOOLEAN -> reader.nextBoolean();
      default -> {
        reader.nextNull();
        yield NULL;
      }
    };
  }

  private static Map<String, Object> readMembers(String file, JsonReader reader)
      throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (members.put(name, raw(file, reader)) != null) {
        throw new CheckpointException(
            file + ": key " + Quoted.name(reader.getPath().substring(2)) + " stands there twice");
      }
    }
    reader.endObject();
    return members;
  }

  private static List<Object> readItems(String file, JsonReader reader) throws IOException {
    ArrayList<Object> items = new ArrayList<>(2);
    reader.beginArray();
    while (reader.hasNext()) {
      items.add(raw(file, reader));
    }
    reader.endArray();
    return items;
  }

  private JsonNode child(String childStep, Object raw) {
    return new JsonNode(file, this, childStep, raw == NULL ? null : raw);
  }

  /** Returns the keys and indices that lead here, e.g. {@code a.b[1]}. */
  private String path() {
    StringBuilder path = new StringBuilder();
    for (JsonNode node = this; node != null; node = node.parent) {
      path.insert(0, node.step);
      JsonNode above = node.parent;
      if (above != null && above.parent != null && above.isObject()) {
        path.insert(0, '.');
      }
    }
    return path.toString();
  }

  /**
   * Returns the file's name as messages give it.
   *
   * @return relative to the model directory
   */
  public String file() {
    return file;
  }

  /**
   * Returns whether this is an object.
   *
   * @return whether
   */
  public boolean isObject() {
    return value instanceof Map;
  }

  /**
   * Returns whether this is a list.
   *
   * @return whether
   */
  public boolean isList() {
    return value instanceof List;
  }

  /**
   * Returns whether this is a string.
   *
   * @return whether
   */
  public boolean isString() {
    return value instanceof String;
  }

  /**
   * Returns whether this is JSON's null.
   *
   * @return whether
   */
  public boolean isNull() {
    return value == null;
  }

  /**
   * Returns the exception that says what stands here and what should.
   *
   * @param expected what is expected or supported, to follow "expected"
   * @return to throw
   */
  public CheckpointException wrong(String expected) {
    return new CheckpointException(where() + " is " + found() + ", expected " + expected);
  }

  private String where() {
    String path = path();
    return path.isEmpty() ? file + ": its value" : file + ": key " + Quoted.name(path);
  }

  /**
   * Returns the text of a number as the file writes it.
   *
   * @return a JSON number
   */
  public String numberText() {
    if (value instanceof NumberText number) {
      return number.text();
    }
    throw wrong("a number");
  }

  /** Returns the value as a message shows it. */
  String found() {
    return switch (value) {
      case null -> "null";
      case String text -> Quoted.value(text);
      case NumberText number -> Quoted.oneLine(number.text());
      case Map<?, ?> members -> members.isEmpty() ? "an empty object" : "an object";
      case List<?> items -> items.isEmpty() ? "an empty list" : "a list";
      default -> value.toString();
    };
  }

  /**
   * Returns the members of an object.
   *
   * @return name to value, in the order of the file
   */
  public Map<String, JsonNode> members() {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    rawMembers().forEach((name, raw) -> members.put(name, child(name, raw)));
    return Collections.unmodifiableMap(members);
  }

  @SuppressWarnings("unchecked") // raw() makes no other map
  private Map<String, Object> rawMembers() {
    if (value instanceof Map<?, ?> members) {
      return (Map<String, Object>) members;
    }
    throw wrong("an object");
  }

  /**
   * Returns the items of a list.
   *
   * @return a view
   */
  public List<JsonNode> items() {
    if (!(value instanceof List<?> items)) {
      throw wrong("a list");
    }
    return new AbstractList<>() {
      @Override
      public JsonNode get(int index) {
        return child("[" + index + "]", items.get(index));
      }

      @Override
      public int size() {
        return items.size();
      }
    };
  }

  /**
   * Returns a string.
   *
   * @return its value
   */
  public String string() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a string");
  }

  /**
   * Returns true or false.
   *
   * @return its value
   */
  public boolean bool() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong("true or false");
  }

  /**
   * Returns an integer within bounds.
   *
   * @param min the least allowed
   * @param max the greatest allowed
   * @return its value
   */
  public int integer(int min, int max) {
    String expected =
        max == Integer.MAX_VALUE
            ? "an integer of at least " + min
            : "an integer from " + min + " to " + max;
    if (value instanceof NumberText number && number.text().matches("-?[0-9]{1,10}")) {
      long parsed = Long.parseLong(number.text());
      if (parsed >= min && parsed <= max) {
        return (int) parsed;
      }
    }
    throw wrong(expected);
  }

  /**
   * Returns a number; a literal beyond the range of a double gives an infinity.
   *
   * @return the nearest double
   */
  public double decimal() {
    if (value instanceof NumberText number) {
      return Double.parseDouble(number.text());
    }
    throw wrong("a number");
  }

  /**
   * Returns a member of this object; it may still be JSON's null.
   *
   * @param key its name
   * @return the member, or null when the key is absent
   */
  public @Nullable JsonNode member(String key) {
    Object raw = rawMembers().get(key);
    return raw == null ? null : child(key, raw);
  }

  /**
   * Returns a member of this object that is not JSON's null.
   *
   * @param key its name
   * @return the member, or null when the key is absent or its value is JSON's null
   */
  public @Nullable JsonNode valueOf(String key) {
    JsonNode member = member(key);
    return member == null || member.isNull() ? null : member;
  }

  /**
   * Returns a member of this object, which must be there.
   *
   * @param key its name
   * @return the member, which may be JSON's null
   */
  public JsonNode required(String key) {
    JsonNode member = member(key);
    if (member == null) {
      String path = path();
      String inside = path.isEmpty() ? "" : " in " + Quoted.name(path);
      throw new CheckpointException(file + ": key " + Quoted.name(key) + inside + " is missing");
    }
    return member;
  }

  /**
   * Returns the string of a member.
   *
   * @param key its name
   * @return null where the key is absent or its value is JSON's null
   */
  public @Nullable String stringOrNull(String key) {
    JsonNode member = valueOf(key);
    return member == null ? null : member.string();
  }

  /**
   * Returns the string of a member.
   *
   * @param key its name
   * @param fallback the value where the key is absent
   * @return the string
   */
  public String string(String key, String fallback) {
    JsonNode member = member(key);
    return member == null ? fallback : member.string();
  }

  /**
   * Returns the flag of a member.
   *
   * @param key its name
   * @param fallback the value where the key is absent
   * @return true or false
   */
  public boolean bool(String key, boolean fallback) {
    JsonNode member = member(key);
    return member == null ? fallback : member.bool();
  }

  /**
   * Returns the integer of a member.
   *
   * @param key its name
   * @param fallback the value where the key is absent
   * @param min the least allowed
   * @param max the greatest allowed
   * @return the integer
   */
  public int integer(String key, int fallback, int min, int max) {
    JsonNode member = member(key);
    return member == null ? fallback : member.integer(min, max);
  }
}
