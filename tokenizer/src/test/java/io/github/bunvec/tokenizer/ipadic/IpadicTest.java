package io.github.bunvec.tokenizer.ipadic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Compares the embedded dictionary with the one of the PyPI package ipadic 1.0.0, through digests
 * that tools/golden/dictionary_digest.py computed from it.
 */
final class IpadicTest {

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Ipadic.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static MessageDigest sha256() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256");
  }

  private static String fileDigest(String name) throws Exception {
    return HexFormat.of().formatHex(sha256().digest(resource(name)));
  }

  @Test
  void matrixEqualsMecabs() throws Exception {
    assertEquals(
        "ee44d7350cdcb680ebd699f83e121be1dc63310f8832d55bcb537a068177611a",
        fileDigest(Dictionary.MATRIX));
  }

  @Test
  void charactersEqualMecabs() throws Exception {
    assertEquals(
        "81bba502ae48fa005a374819f15e44452eb68086a8b323ec20a044d514400832",
        fileDigest(Dictionary.CHARACTERS));
  }

  @Test
  void wordsEqualMecabs() throws Exception {
    EntryDigest digest = new EntryDigest(resource(Dictionary.SYSTEM));
    digest.walk();
    assertEquals(392_126, digest.count);
    assertEquals(
        "41b35cee27657cf55a06604558d269d79f1fd3ccc36fe010825b2629a4e0b8e1", digest.value());
  }

  @Test
  void unknownWordsEqualMecabs() throws Exception {
    EntryDigest digest = new EntryDigest(resource(Dictionary.UNKNOWN));
    digest.walk();
    assertEquals(40, digest.count);
    assertEquals(
        "b73ad46074b4f265baf116de0279277ca3a70782e48bb15db4136da2e044aa53", digest.value());
  }

  @Test
  void isLoadedOnce() {
    assertSame(Ipadic.dictionary(), Ipadic.dictionary());
  }

  @Test
  void carriesItsNotice() throws IOException {
    String notice = new String(resource("NOTICE.md"), StandardCharsets.UTF_8);
    assertTrue(notice.contains("Nara Institute of Science and Technology"));
  }

  /** Walks a lexicon in the order of its surfaces, by its raw bytes and not by our reader. */
  private static final class EntryDigest {
    private final ByteBuffer file;
    private final int units;
    private final int tokens;
    private final MessageDigest digest;
    private final byte[] surface = new byte[1 << 16];
    private int count;

    EntryDigest(byte[] bytes) throws NoSuchAlgorithmException {
      file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      units = file.getInt(24) / 8;
      tokens = 72 + file.getInt(24);
      digest = sha256();
    }

    void walk() {
      walk(base(0), 0);
    }

    private int base(int unit) {
      return file.getInt(72 + 8 * unit);
    }

    private boolean has(int parent, int unit) {
      return unit < units && file.getInt(72 + 8 * unit + 4) == parent;
    }

    private void walk(int node, int depth) {
      if (has(node, node)) {
        int value = -base(node) - 1;
        for (int i = value >> 8; i < (value >> 8) + (value & 0xFF); i++) {
          digest.update(surface, 0, depth);
          digest.update((byte) 0);
          digest.update(file.array(), tokens + 16 * i, 4);
          digest.update(file.array(), tokens + 16 * i + 6, 2);
          count++;
        }
      }
      for (int b = 0; b < 256; b++) {
        if (has(node, node + b + 1)) {
          surface[depth] = (byte) b;
          walk(base(node + b + 1), depth + 1);
        }
      }
    }

    String value() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
