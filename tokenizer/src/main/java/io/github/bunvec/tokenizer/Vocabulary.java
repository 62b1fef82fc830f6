package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import io.github.bunvec.tokenizer.trie.DoubleArrayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tokens of a model and their ids; immutable. */
public final class Vocabulary {

  private final List<String> lines; // [id]
  private final Map<String, Integer> ids = new HashMap<>();

  private Vocabulary(List<String> lines) {
    this.lines = List.copyOf(lines);
    // Of equal lines the last one counts, as in transformers.
    for (int id = 0; id < this.lines.size(); id++) {
      ids.put(this.lines.get(id), id);
    }
  }

  /**
   * Makes a vocabulary of its tokens.
   *
   * @param tokens the tokens; the id of each is its index
   * @return the vocabulary
   */
  public static Vocabulary of(List<String> tokens) {
    return new Vocabulary(tokens);
  }

  /**
   * Reads a vocab.txt: a token a line, nothing trimmed, the id being the line's number from 0.
   *
   * @param file a UTF-8 file
   * @return the vocabulary
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not UTF-8
   */
  public static Vocabulary read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  /**
   * Reads a vocab.txt from a stream.
   *
   * @param in the stream of UTF-8 text; not closed
   * @param name what to call it in errors
   * @return the vocabulary
   * @throws IOException if the stream cannot be read
   * @throws IllegalArgumentException if it is not UTF-8
   */
  public static Vocabulary read(InputStream in, String name) throws IOException {
    return new Vocabulary(lines(decode(in.readAllBytes(), name)));
  }

  private static String decode(byte[] bytes, String name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new IllegalArgumentException(
          "%s: byte %d is not UTF-8; expected a UTF-8 vocabulary, a token a line"
              .formatted(name, in.position()));
    }
    return out.flip().toString();
  }

  /** Splits where Python's text files do: at LF, CR and CR LF. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /**
   * Returns how many ids there are.
   *
   * @return the number of tokens, repeated ones counted too
   */
  public int size() {
    return lines.size();
  }

  /**
   * Returns the tokens.
   *
   * @return [id]; of equal ones the last id counts
   */
  public List<String> tokens() {
    return lines;
  }

  /** Returns a token's id, or -1. */
  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** Returns the token of an id. */
  String token(int id) {
    return lines.get(id);
  }

  /** Returns how many different tokens there are. */
  int distinctTokens() {
    return ids.size();
  }

  /** Returns a trie of the UTF-8 of all tokens, whose values are ids, those given going first. */
  DoubleArray trie(Map<String, Integer> overrides) {
    byte[][] keys = new byte[ids.size()][];
    int[] values = new int[keys.length];
    int count = 0;
    // Tokens that differ only in unpaired surrogates have the same bytes; of those the last counts.
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      String token = entry.getKey();
      if (!token.isEmpty()) {
        keys[count] = token.getBytes(StandardCharsets.UTF_8);
        values[count++] = overrides.getOrDefault(token, entry.getValue());
      }
    }
    return new DoubleArray(
        DoubleArrayBuilder.build(Arrays.copyOf(keys, count), Arrays.copyOf(values, count)));
  }
}
