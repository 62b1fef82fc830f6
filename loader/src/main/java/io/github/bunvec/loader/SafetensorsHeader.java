package io.github.bunvec.loader;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, checked in full: each entry, and that the entries together
 * cover the data without hole or overlap.
 *
 * <p>It is read as a stream: memory grows with the tensors described, never with the nesting or the
 * length of what a hostile header holds. Format: https://huggingface.co/docs/safetensors.
 */
final class SafetensorsHeader {

  /** Where a tensor lies: bytes [begin, end) after the header. */
  record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

  /** No tensor library goes further than 64 dimensions. */
  private static final int MAX_RANK = 64;

  /** In the format's list, not in ours. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "F4",
          "F6_E2M3",
          "F6_E3M2",
          "F8_E4M3",
          "F8_E5M2",
          "F8_E8M0",
          "F8_E4M3FNUZ",
          "F8_E5M2FNUZ",
          "U16",
          "U32",
          "U64",
          "C64");

  private final String file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * Reads and checks a header.
   *
   * @param file the name of the file in messages
   * @param json the header's bytes
   * @param dataLength bytes of the file after the header
   * @return the tensors by name, in the order of the header
   */
  static Map<String, Entry> parse(String file, InputStream json, long dataLength) {
    var header = new SafetensorsHeader(file);
    StrictJson.parse(file, json, header::readEntries);
    header.checkLayout(dataLength);
    return header.entries;
  }

  private Map<String, Entry> readEntries(JsonReader reader) throws IOException {
    boolean metadataSeen = false;
    reader.beginObject(); // the caller saw the brace
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (name.equals("__metadata__")) {
        if (metadataSeen) {
          throw wrong("header has '__metadata__' twice");
        }
        metadataSeen = true;
        skipMetadata(reader);
      } else if (entries.put(name, readEntry(name, reader)) != null) {
        throw wrong("header has " + Quoted.name(name) + " twice");
      }
    }
    reader.endObject();
    return entries;
  }

  private void skipMetadata(JsonReader reader) throws IOException {
    expect(reader, JsonToken.BEGIN_OBJECT, "'__metadata__'", "an object of strings");
    Set<String> keys = new HashSet<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      String what = "'__metadata__' key " + Quoted.name(key);
      if (!keys.add(key)) {
        throw wrong(what + " stands there twice");
      }
      expect(reader, JsonToken.STRING, what, "a string");
      var _ = reader.nextString(); // reading it checks it
    }
    reader.endObject();
  }

  private Entry readEntry(String name, JsonReader reader) throws IOException {
    String tensor = "tensor " + Quoted.name(name);
    expect(reader, JsonToken.BEGIN_OBJECT, tensor, "an object");
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      String what = tensor + ": " + Quoted.name(key);
      boolean twice =
          switch (key) {
            case "dtype" -> dtype != null;
            case "shape" -> shape != null;
            case "data_offsets" -> offsets != null;
            default ->
                throw wrong(what + " is unknown, expected dtype, shape and data_offsets only");
          };
      if (twice) {
        throw wrong(what + " stands there twice");
      }
      switch (key) {
        case "dtype" -> dtype = readDType(what, reader);
        case "shape" -> shape = readIntegers(what, reader);
        default -> offsets = readIntegers(what, reader);
      }
    }
    reader.endObject();
    return entry(name, dtype, shape, offsets);
  }

  private Entry entry(
      String name, @Nullable DType dtype, long @Nullable [] shape, long @Nullable [] offsets) {
    String tensor = "tensor " + Quoted.name(name);
    if (dtype == null || shape == null || offsets == null) {
      String key = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw wrong(tensor + ": '" + key + "' is missing");
    }
    String found = tensor + ": data_offsets " + Arrays.toString(offsets);
    if (offsets.length != 2) {
      throw wrong(found + ", expected two integers, begin and end");
    }
    if (offsets[0] > offsets[1]) {
      throw wrong(found + " end before they begin");
    }
    String type = dtype + " " + Arrays.toString(shape);
    long bytes = dtype.byteSize();
    try {
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw new CheckpointException(
          file + ": " + tensor + ": " + type + " has more bytes than a file can hold", e);
    }
    if (offsets[1] - offsets[0] != bytes) {
      long length = offsets[1] - offsets[0];
      throw wrong(found + " hold " + length + " bytes, " + type + " needs " + bytes);
    }
    return new Entry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private DType readDType(String what, JsonReader reader) throws IOException {
    expect(reader, JsonToken.STRING, what, "a string");
    String name = reader.nextString();
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    String verdict = UNSUPPORTED.contains(name) ? ", which this version cannot read" : "";
    throw wrong(
        what
            + " is "
            + Quoted.value(name)
            + verdict
            + ", expected one of "
            + Arrays.toString(DType.values()));
  }

  private long[] readIntegers(String what, JsonReader reader) throws IOException {
    expect(reader, JsonToken.BEGIN_ARRAY, what, "a list of integers");
    long[] values = new long[MAX_RANK];
    int n = 0;
    reader.beginArray();
    while (reader.hasNext()) {
      if (n == MAX_RANK) {
        throw wrong(what + " has more than " + MAX_RANK + " elements");
      }
      expect(reader, JsonToken.NUMBER, what + "[" + n + "]", "a non-negative integer");
      values[n] = integer(what + "[" + n + "]", reader.nextString());
      n++;
    }
    reader.endArray();
    return Arrays.copyOf(values, n);
  }

  private long integer(String what, String text) {
    // 1.0, 1e3, -0 and -1 are numbers to JSON, not sizes to the format.
    if (!text.matches("[0-9]+")) {
      throw wrong(what + " is " + Quoted.oneLine(text) + ", expected a non-negative integer");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new CheckpointException(
          file + ": " + what + " is " + Quoted.oneLine(text) + ", more than 2^63 - 1", e);
    }
  }

  private void checkLayout(long dataLength) {
    List<Entry> byPosition = new ArrayList<>(entries.values());
    byPosition.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long covered = 0;
    for (Entry entry : byPosition) {
      String range =
          "tensor " + Quoted.name(entry.name) + ": bytes " + entry.begin + " to " + entry.end;
      if (entry.end > dataLength) {
        throw wrong(
            range + " lie beyond the file's " + dataLength + " bytes of data; is it complete?");
      }
      if (entry.begin > covered) {
        throw wrong(range + " leave a hole after byte " + covered);
      }
      if (entry.begin < covered) {
        throw wrong(range + " overlap a tensor that ends at " + covered);
      }
      covered = entry.end;
    }
    if (covered != dataLength) {
      throw wrong("tensors end at byte " + covered + " of " + dataLength + " bytes of data");
    }
  }

  private void expect(JsonReader reader, JsonToken expected, String what, String words)
      throws IOException {
    JsonToken found = reader.peek();
    if (found != expected) {
      String kind =
          switch (found) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case NULL -> "null";
            default -> "true or false";
          };
      throw wrong(what + " is " + kind + ", expected " + words);
    }
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(file + ": " + what);
  }
}
