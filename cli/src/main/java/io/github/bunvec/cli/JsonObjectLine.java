package io.github.bunvec.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a line that holds one JSON object, field by field.
 *
 * @param expected what the object must have, in words
 * @param wrong makes the exception from what is wrong with the line
 */
record JsonObjectLine(String expected, Function<String, CommandException> wrong) {

  /** Takes fields. */
  interface Fields {
    /** Reads the value of a field it knows; returns false, having read nothing, for others. */
    boolean read(String name, JsonReader json) throws IOException;
  }

  void read(String line, Fields fields) {
    if (line.isBlank()) {
      throw wrong.apply("is blank, expected a JSON object with " + expected);
    }
    if (hasRawControlCharacter(line)) {
      throw wrong.apply(
          "is not JSON: a control character in a string must be written as an escape");
    }
    try (JsonReader json = new JsonReader(new StringReader(line))) {
      // Not STRICT, which refuses escapes of unpaired surrogates; JSON allows them and Python
      // writes them.
      json.setStrictness(Strictness.LEGACY_STRICT);
      read(json, fields);
    } catch (EOFException e) {
      throw wrong.apply("is not JSON: it ends too early");
    } catch (IOException e) {
      throw wrong.apply("is not JSON: " + firstSentence(e));
    }
  }

  private void read(JsonReader json, Fields fields) throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      throw wrong.apply("is not a JSON object; expected one with " + expected);
    }
    Set<String> seen = new HashSet<>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (!fields.read(name, json)) {
        json.skipValue();
      } else if (!seen.add(name)) {
        throw wrong.apply("has the field \"" + name + "\" twice");
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw wrong.apply("has more than one JSON value");
    }
  }

  String string(String name, JsonReader json) throws IOException {
    if (json.peek() != JsonToken.STRING) {
      throw wrong.apply("has a field \"" + name + "\" that is not a string");
    }
    return json.nextString();
  }

  double number(String name, JsonReader json) throws IOException {
    if (json.peek() != JsonToken.NUMBER) {
      throw wrong.apply("has a field \"" + name + "\" that is not a number");
    }
    return json.nextDouble();
  }

  List<String> strings(String name, JsonReader json) throws IOException {
    List<String> values = new ArrayList<>();
    beginArray(name, "strings", json);
    while (json.hasNext()) {
      if (json.peek() != JsonToken.STRING) {
        throw wrong.apply(notAnArray(name, "strings"));
      }
      values.add(json.nextString());
    }
    json.endArray();
    return values;
  }

  double[] numbers(String name, JsonReader json) throws IOException {
    double[] values = new double[1024];
    int count = 0;
    beginArray(name, "numbers", json);
    while (json.hasNext()) {
      if (json.peek() != JsonToken.NUMBER) {
        throw wrong.apply(notAnArray(name, "numbers"));
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = json.nextDouble();
    }
    json.endArray();
    return Arrays.copyOf(values, count);
  }

  int[] integers(String name, JsonReader json) throws IOException {
    double[] values = numbers(name, json);
    int[] integers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = (int) values[i];
      if (integers[i] != values[i]) {
        throw wrong.apply(
            "has a field \"%s\" with the value %s, expected token ids".formatted(name, values[i]));
      }
    }
    return integers;
  }

  private void beginArray(String name, String elements, JsonReader json) throws IOException {
    if (json.peek() != JsonToken.BEGIN_ARRAY) {
      throw wrong.apply(notAnArray(name, elements));
    }
    json.beginArray();
  }

  private static String notAnArray(String name, String elements) {
    return "has a field \"" + name + "\" that is not an array of " + elements;
  }

  /** The one thing that matters in which Gson's reader is laxer than JSON. */
  private static boolean hasRawControlCharacter(String line) {
    boolean inString = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (inString && c < ' ') {
        return true;
      }
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      }
    }
    return false;
  }

  /** Gson's messages go on with advice to programmers and a link. */
  private static String firstSentence(IOException e) {
    String message =
        e.getMessage() == null ? "malformed" : e.getMessage().lines().findFirst().get();
    return message.replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept", "This is");
  }
}
