package io.github.bunvec.loader;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON configuration file that knows where it stands, so that each typed access can
 * say file, key, found and expected. Numbers keep their text: 768 is an integer, 768.0 is not.
 */
final class JsonNode {

  /** The largest file of a model directory is a tokenizer.json of some 20 MB. */
  private static final long MAX_BYTES = 256L << 20;

  private record NumberText(String text) {}

  private final String file;
  private final String path;
  private final @Nullable Object value;

  private JsonNode(String file, String path, @Nullable Object value) {
    this.file = file;
    this.path = path;
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

  static JsonNode parse(String file, byte[] utf8) {
    return StrictJson.parse(file, utf8, reader -> read(file, "", reader));
  }

  private static JsonNode read(String file, String path, JsonReader reader) throws IOException {
    Object value =
        switch (reader.peek()) {
          case BEGIN_OBJECT -> readMembers(file, path, reader);
          case BEGIN_ARRAY -> readItems(file, path, reader);
          case STRING -> reader.nextString();
          case NUMBER -> new NumberText(reader.nextString());
          case BOOLEAN -> reader.nextBoolean();
          default -> {
            reader.nextNull();
            yield null;
          }
        };
    return new JsonNode(file, path, value);
  }

  private static Map<String, JsonNode> readMembers(String file, String path, JsonReader reader)
      throws IOException {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      String memberPath = path.isEmpty() ? name : path + "." + name;
      if (members.put(name, read(file, memberPath, reader)) != null) {
        throw new CheckpointException(
            file + ": key " + Quoted.name(memberPath) + " stands there twice");
      }
    }
    reader.endObject();
    return Collections.unmodifiableMap(members);
  }

  private static List<JsonNode> readItems(String file, String path, JsonReader reader)
      throws IOException {
    List<JsonNode> items = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      items.add(read(file, path + "[" + items.size() + "]", reader));
    }
    reader.endArray();
    return Collections.unmodifiableList(items);
  }

  String file() {
    return file;
  }

  boolean isObject() {
    return value instanceof Map;
  }

  boolean isList() {
    return value instanceof List;
  }

  boolean isString() {
    return value instanceof String;
  }

  boolean isNull() {
    return value == null;
  }

  /** Returns the exception that says what stands here and what should. */
  CheckpointException wrong(String expected) {
    return new CheckpointException(where() + " is " + found() + ", expected " + expected);
  }

  private String where() {
    return path.isEmpty() ? file + ": its value" : file + ": key " + Quoted.name(path);
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

  @SuppressWarnings("unchecked") // read() makes no other map
  Map<String, JsonNode> members() {
    if (value instanceof Map<?, ?> members) {
      return (Map<String, JsonNode>) members;
    }
    throw wrong("an object");
  }

  @SuppressWarnings("unchecked") // read() makes no other list
  List<JsonNode> items() {
    if (value instanceof List<?> items) {
      return (List<JsonNode>) items;
    }
    throw wrong("a list");
  }

  String string() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a string");
  }

  boolean bool() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong("true or false");
  }

  int integer(int min, int max) {
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

  /** Returns the number as a double; a literal beyond its range gives an infinity. */
  double decimal() {
    if (value instanceof NumberText number) {
      return Double.parseDouble(number.text());
    }
    throw wrong("a number");
  }

  /** Returns the member, or null when the key is absent; a member may still be JSON's null. */
  @Nullable JsonNode member(String key) {
    return members().get(key);
  }

  /** Returns the member, or null when the key is absent or its value is JSON's null. */
  @Nullable JsonNode valueOf(String key) {
    JsonNode member = member(key);
    return member == null || member.isNull() ? null : member;
  }

  /** Returns the member, which must be there. */
  JsonNode required(String key) {
    JsonNode member = member(key);
    if (member == null) {
      String inside = path.isEmpty() ? "" : " in " + Quoted.name(path);
      throw new CheckpointException(file + ": key " + Quoted.name(key) + inside + " is missing");
    }
    return member;
  }

  @Nullable String stringOrNull(String key) {
    JsonNode member = valueOf(key);
    return member == null ? null : member.string();
  }

  String string(String key, String fallback) {
    JsonNode member = member(key);
    return member == null ? fallback : member.string();
  }

  boolean bool(String key, boolean fallback) {
    JsonNode member = member(key);
    return member == null ? fallback : member.bool();
  }

  int integer(String key, int fallback, int min, int max) {
    JsonNode member = member(key);
    return member == null ? fallback : member.integer(min, max);
  }
}
