package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class JsonNodeTest {

  static JsonNode json(String text) {
    return JsonNode.parse("c.json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String message, Executable access) {
    assertEquals(message, assertThrows(CheckpointException.class, access).getMessage());
  }

  @Test
  void typedValues() {
    JsonNode json = json("{\"s\":\"x\",\"i\":-3,\"d\":1e-12,\"b\":true,\"n\":null,\"l\":[1,{}]}");
    assertEquals("x", json.required("s").string());
    assertEquals(-3, json.required("i").integer(-5, 5));
    assertEquals(1e-12, json.required("d").decimal());
    assertTrue(json.bool("b", false));
    assertTrue(json.bool("absent", true));
    assertTrue(json.required("n").isNull());
    assertNull(json.valueOf("n"));
    assertNull(json.stringOrNull("n"));
    assertEquals(2, json.required("l").items().size());
    assertEquals(7, json.integer("absent", 7, 0, 1));
  }

  @Test
  void messagesNameFileKeyFoundAndExpected() {
    JsonNode json = json("{\"a\":{\"b\":[0,\"x\\ny\"]},\"f\":1.0,\"n\":null,\"e\":{}}");
    JsonNode text = json.required("a").required("b").items().get(1);
    refused(
        "c.json: key 'a.b[1]' is \"x\\u000ay\", expected an integer from 0 to 9",
        () -> text.integer(0, 9));
    refused(
        "c.json: key 'f' is 1.0, expected an integer of at least 1",
        () -> json.integer("f", 1, 1, Integer.MAX_VALUE));
    refused("c.json: key 'n' is null, expected true or false", () -> json.bool("n", true));
    refused(
        "c.json: key 'e' is an empty object, expected a list", () -> json.required("e").items());
    refused("c.json: key 'a' is an object, expected a string", () -> json.string("a", ""));
    JsonNode vocab = json("{\"v\":{\"[UNK]\":[1,null]}}").required("v");
    refused(
        "c.json: key 'v.[UNK][1]' is null, expected a number",
        () -> vocab.required("[UNK]").items().get(1).numberText());
    assertEquals("1", vocab.members().get("[UNK]").items().get(0).numberText());
    refused("c.json: key 'z' is missing", () -> json.required("z"));
    refused("c.json: key 'z' in 'a' is missing", () -> json.required("a").required("z"));
    refused("c.json: its value is a list, expected an object", () -> json("[1]").member("a"));
  }

  @Test
  void integersHaveBounds() {
    for (String number : new String[] {"10", "-1", "5e0", "99999999999", "\"5\"", "true"}) {
      JsonNode json = json("{\"n\":" + number + "}");
      assertThrows(CheckpointException.class, () -> json.integer("n", 0, 0, 9), number);
    }
  }

  @Test
  void sameKeyTwice() {
    refused("c.json: key 'a.b' stands there twice", () -> json("{\"a\":{\"b\":1,\"b\":1}}"));
  }

  @Test
  void byteOrderMark() {
    refused(
        "c.json: starts with a byte order mark; save it as UTF-8 without one",
        () -> json("\uFEFF{}"));
  }

  @Test
  void otherEncodings() {
    byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16);
    refused("c.json: is not valid UTF-8", () -> JsonNode.parse("c.json", utf16));
    byte[] sjis = {'"', (byte) 0x95, (byte) 0xB6, '"'};
    refused("c.json: is not valid UTF-8", () -> JsonNode.parse("c.json", sjis));
  }

  @Test
  void notStrictlyJson() {
    for (String text :
        new String[] {
          "",
          " ",
          "{",
          "{\"a\":1,}",
          "[1,]",
          "{a:1}",
          "{'a':1}",
          "{\"a\"=1}",
          "NaN",
          "[Infinity]",
          "{\"a\":01}",
          "{\"a\":+1}",
          "{\"a\":.5}",
          "{\"a\":TRUE}",
          "\"\\x\"",
          "\"a\tb\"",
          "// x\n1",
          "1 2",
          "\"\\ud800\"",
          "#",
          "{\"a\":1;\"b\":2}",
          "[1 2]",
          "nul"
        }) {
      var e = assertThrows(CheckpointException.class, () -> json(text), text);
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("c.json: "), message);
      assertEquals(1, message.lines().count(), message);
      assertTrue(!message.contains("JsonReader") && !message.contains("http"), message);
    }
  }

  @Test
  void positionIsShown() {
    refused("c.json: is not valid JSON at line 2 column 7 path $.a", () -> json("{\n \"a\": x}"));
  }

  @Test
  void nestingIsBounded() {
    json("[".repeat(60) + "]".repeat(60));
    String deep = "[".repeat(1_000_000);
    assertThrows(CheckpointException.class, () -> json(deep));
  }
}
