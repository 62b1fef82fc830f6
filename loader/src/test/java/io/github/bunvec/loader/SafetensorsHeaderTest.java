package io.github.bunvec.loader;

import static io.github.bunvec.loader.SafetensorsBytes.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One test per way in which a header can be wrong, and the borders of what is right. */
class SafetensorsHeaderTest {

  private static Map<String, SafetensorsHeader.Entry> parse(String header, long dataLength) {
    return parse(header.getBytes(StandardCharsets.UTF_8), dataLength);
  }

  private static Map<String, SafetensorsHeader.Entry> parse(byte[] header, long dataLength) {
    return SafetensorsHeader.parse("f", new ByteArrayInputStream(header), dataLength);
  }

  private static void refused(String message, String header, long dataLength) {
    var e = assertThrows(CheckpointException.class, () -> parse(header, dataLength));
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("f: ") && found.contains(message), found);
    assertEquals(-1, found.indexOf('\n'), found);
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @Test
  void entriesInAnyOrderWithPaddingAndMetadata() {
    var entries =
        parse(
            "{%s,\"__metadata__\":{\"format\":\"pt\"},%s} \n\t  "
                .formatted(entry("b", "F32", "[2,1]", 3, 11), entry("a", "U8", "[3]", 0, 3)),
            11);
    assertEquals("[b, a]", entries.keySet().toString());
    assertArrayEquals(new long[] {2, 1}, entries.get("b").shape());
  }

  @Test
  void zeroElementsAreAllowedAnywhere() {
    String empty = entry("e", "F32", "[0,7]", 4, 4);
    String last = entry("l", "F32", "[0]", 8, 8);
    assertEquals(
        4,
        parse(
                "{%s,%s,%s,%s}"
                    .formatted(
                        entry("b", "F32", "[]", 4, 8), last, empty, entry("a", "F32", "[1]", 0, 4)),
                8)
            .size());
  }

  @Test
  void notUtf8() {
    byte[] header = "{\"a?\":{}}".getBytes(StandardCharsets.US_ASCII);
    header[3] = (byte) 0xC3;
    var e = assertThrows(CheckpointException.class, () -> parse(header, 0));
    assertEquals("f: is not valid UTF-8", e.getMessage());
  }

  @Test
  void overlongUtf8() {
    byte[] header = "{\"??\":{}}".getBytes(StandardCharsets.US_ASCII);
    header[2] = (byte) 0xC0;
    header[3] = (byte) 0xAF;
    var e = assertThrows(CheckpointException.class, () -> parse(header, 0));
    assertEquals("f: is not valid UTF-8", e.getMessage());
  }

  @Test
  void unpairedSurrogate() {
    refused("is not valid JSON: Unpaired surrogate", "{\"\\ud800\":{}}", 0);
  }

  @Test
  void notJson() {
    refused("is not valid JSON", "{\"a\":}", 0);
    refused("is not valid JSON", "{'a':{}}", 0);
    refused("is not valid JSON", "{a:{}}", 0);
    refused("is not valid JSON", "{" + entry("a", "U8", "[0]", 0, 0) + ",}", 0);
    refused("is not valid JSON", "{/* */}", 0);
    refused("is not valid JSON", tensor("U8", "[NaN]", "[0,0]"), 0);
    refused("is not valid JSON", tensor("U8", "[01]", "[0,1]"), 1);
    refused("is not valid JSON", "{\"a\tb\":{}}", 0);
  }

  @Test
  void truncatedJson() {
    refused("ends in the middle", "{\"a\":{\"dtype\":\"U8\"", 0);
  }

  @Test
  void emptyDocument() {
    refused("ends in the middle", "{", 0);
  }

  @Test
  void somethingAfterTheObject() {
    refused("is not valid JSON", "{} {}", 0);
    refused("is not valid JSON", "{}\u0000", 0);
  }

  @Test
  void tensorTwice() {
    String once = entry("a", "U8", "[1]", 0, 1);
    refused("header has 'a' twice", "{" + once + "," + once + "}", 1);
  }

  @Test
  void sameNameByEscapeIsTwice() {
    String plain = entry("a", "U8", "[1]", 0, 1);
    refused("'a' twice", "{" + plain + "," + plain.replace("\"a\"", "\"\\u0061\"") + "}", 1);
  }

  @Test
  void keyOfEntryTwice() {
    refused("'dtype' stands there twice", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0);
    refused("'shape' stands there twice", "{\"a\":{\"shape\":[],\"shape\":[]}}", 0);
    refused(
        "'data_offsets' stands there twice", tensor("U8", "[]", "[0,1],\"data_offsets\":[]"), 1);
  }

  @Test
  void unknownKeyOfEntry() {
    refused("tensor 'a': 'strides' is unknown", tensor("U8", "[]", "[0,1],\"strides\":[]"), 1);
  }

  @Test
  void missingKeyOfEntry() {
    refused("'dtype' is missing", "{\"a\":{\"shape\":[],\"data_offsets\":[0,1]}}", 1);
    refused("'shape' is missing", "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1);
    refused("'data_offsets' is missing", "{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}", 1);
  }

  @Test
  void entryIsNoObject() {
    refused("tensor 'a' is a list, expected an object", "{\"a\":[]}", 0);
    refused("tensor 'a' is null, expected an object", "{\"a\":null}", 0);
  }

  @Test
  void metadataIsNoObjectOfStrings() {
    refused("'__metadata__' is a string", "{\"__metadata__\":\"x\"}", 0);
    refused("key 'k' is a number, expected a string", "{\"__metadata__\":{\"k\":1}}", 0);
    refused("key 'k' is an object", "{\"__metadata__\":{\"k\":{}}}", 0);
    refused("key 'k' stands there twice", "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0);
    refused("'__metadata__' twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0);
  }

  @Test
  void unknownType() {
    refused("'dtype' is \"F33\", expected one of [F64,", tensor("F33", "[1]", "[0,4]"), 4);
    refused("'dtype' is \"f32\"", tensor("f32", "[1]", "[0,4]"), 4);
    refused("'dtype' is a number", "{\"a\":{\"dtype\":1}}", 0);
  }

  @Test
  void knownTypeThatIsNotRead() {
    for (String dtype : new String[] {"F8_E4M3", "F8_E5M2", "U16", "U32", "C64", "U64", "F4"}) {
      refused("\"" + dtype + "\", which this version cannot read", tensor(dtype, "[]", "[0,1]"), 1);
    }
  }

  @Test
  void shapeIsNoListOfSizes() {
    refused("'shape' is a number, expected a list", tensor("U8", "1", "[0,1]"), 1);
    refused("'shape'[0] is a string", tensor("U8", "[\"1\"]", "[0,1]"), 1);
    refused("'shape'[1] is null", tensor("U8", "[1,null]", "[0,1]"), 1);
    refused("'shape'[0] is a list", tensor("U8", "[[1]]", "[0,1]"), 1);
    refused("'shape'[0] is -1, expected a non-negative", tensor("U8", "[-1]", "[0,1]"), 1);
    refused("'shape'[0] is -0, expected", tensor("U8", "[-0]", "[0,0]"), 0);
    refused("'shape'[0] is 1.0, expected", tensor("U8", "[1.0]", "[0,1]"), 1);
    refused("'shape'[0] is 1e3, expected", tensor("U8", "[1e3]", "[0,1000]"), 1000);
  }

  @Test
  void hugeSizes() {
    refused("more than 2^63", tensor("U8", "[9223372036854775808]", "[0,1]"), 1);
    refused("more bytes than a file can hold", tensor("U8", "[4294967296,4294967296]", "[0,0]"), 0);
    refused("more bytes than a file", tensor("F64", "[2305843009213693952]", "[0,0]"), 0);
    refused("more bytes than a file", tensor("U8", "[4294967296,4294967296,0]", "[0,0]"), 0);
  }

  @Test
  void tooManyDimensions() {
    String ones = "[" + "1,".repeat(64) + "1]";
    refused("'shape' has more than 64 elements", tensor("U8", ones, "[0,1]"), 1);
  }

  @Test
  void offsetsAreNoPair() {
    refused("data_offsets [0], expected two", tensor("U8", "[1]", "[0]"), 1);
    refused("data_offsets [0, 1, 2], expected two", tensor("U8", "[1]", "[0,1,2]"), 1);
    refused("'data_offsets'[1] is 1.0, expected", tensor("U8", "[1]", "[0,1.0]"), 1);
    refused("'data_offsets'[0] is -1, expected", tensor("U8", "[1]", "[-1,0]"), 1);
    refused("'data_offsets' is an object", tensor("U8", "[1]", "{}"), 1);
  }

  @Test
  void offsetsBackwards() {
    refused("data_offsets [4, 0] end before they begin", tensor("U8", "[4]", "[4,0]"), 4);
  }

  @Test
  void offsetsAndShapeDisagree() {
    refused(
        "tensor 'a': data_offsets [0, 12] hold 12 bytes, F32 [2, 2] needs 16",
        tensor("F32", "[2,2]", "[0,12]"),
        12);
  }

  @Test
  void beyondTheData() {
    refused("lie beyond the file's 3 bytes", tensor("F32", "[1]", "[0,4]"), 3);
  }

  @Test
  void hole() {
    String a = entry("a", "U8", "[1]", 0, 1);
    refused("leave a hole after byte 1", "{" + a + "," + entry("b", "U8", "[1]", 2, 3) + "}", 3);
    refused("leave a hole after byte 0", "{" + entry("b", "U8", "[1]", 2, 3) + "}", 3);
  }

  @Test
  void overlap() {
    String a = entry("a", "U8", "[2]", 0, 2);
    refused("overlap a tensor that ends", "{" + a + "," + entry("b", "U8", "[2]", 1, 3) + "}", 3);
    refused("overlap a tensor that ends", "{" + a + "," + entry("b", "U8", "[2]", 0, 2) + "}", 2);
  }

  @Test
  void bytesAfterTheLastTensor() {
    refused("tensors end at byte 1 of 2 bytes", tensor("U8", "[1]", "[0,1]"), 2);
    refused("tensors end at byte 0 of 1 bytes", "{}", 1);
  }

  @Test
  void deepNesting() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    refused("'dtype' is a list", "{\"a\":{\"dtype\":" + deep + "}}", 0);
    refused("tensor 'a' is a list", "{\"a\":" + deep + "}", 0);
  }

  @Test
  void hostileNamesMakeOneShortLine() {
    refused("'\\u000a\\u0000\\u001b'", "{\"\\n\\u0000\\u001b\":1}", 0);
    var e =
        assertThrows(
            CheckpointException.class, () -> parse("{\"" + "x".repeat(100_000) + "\":1}", 0));
    assertTrue(String.valueOf(e.getMessage()).length() < 300);
  }
}
