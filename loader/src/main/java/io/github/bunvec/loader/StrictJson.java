package io.github.bunvec.loader;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * One strict JSON document (RFC 8259 to the letter, strict UTF-8, no byte order mark, no unpaired
 * surrogates, bounded nesting, nothing after it), with every way to be wrong turned into a {@link
 * CheckpointException}.
 *
 * <p>Gson's reader keeps duplicate keys; whoever reads an object here refuses them.
 */
final class StrictJson {

  /** Deeper than any file of a model directory; shallow enough for recursive readers. */
  static final int MAX_NESTING = 64;

  /** Reads the value of a document from a reader that stands before it. */
  interface Body<T> {
    T read(JsonReader reader) throws IOException;
  }

  private StrictJson() {}

  static <T> T parse(String file, byte[] utf8, Body<T> body) {
    if (utf8.length >= 3
        && utf8[0] == (byte) 0xEF
        && utf8[1] == (byte) 0xBB
        && utf8[2] == (byte) 0xBF) {
      throw new CheckpointException(
          file + ": starts with a byte order mark; save it as UTF-8 without one");
    }
    return parse(file, new ByteArrayInputStream(utf8), body);
  }

  static <T> T parse(String file, InputStream utf8, Body<T> body) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try (var reader = new JsonReader(new InputStreamReader(utf8, decoder))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(MAX_NESTING);
      T value = body.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new CheckpointException(file + ": holds more than one JSON value");
      }
      return value;
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + ": is not valid UTF-8", e);
    } catch (EOFException e) {
      throw new CheckpointException(file + ": ends in the middle of its JSON", e);
    } catch (MalformedJsonException e) {
      throw new CheckpointException(file + ": is not valid JSON" + reason(e), e);
    } catch (IOException e) {
      // The bytes are in memory or mapped: what is left is Gson's word on the text.
      throw new CheckpointException(file + ": cannot be read as JSON: " + e.getMessage(), e);
    }
  }

  /** The first line of Gson's message; where that advises on Gson's API, only the position. */
  private static String reason(MalformedJsonException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (!message.startsWith("Use JsonReader")) {
      return ": " + Quoted.oneLine(message);
    }
    int position = message.indexOf(" at line ");
    return position < 0 ? "" : Quoted.oneLine(message.substring(position));
  }
}
