package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid files with something changed: refused, or read without leaving their bytes. */
class SafetensorsFuzzTest {

  private static final int FILES = 6000;

  /** What stands in headers and what upsets their readers. */
  private static final String[] FRAGMENTS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "0",
    "1",
    "-1",
    "1.0",
    "1e9",
    "9223372036854775807",
    "18446744073709551616",
    "null",
    "true",
    "NaN",
    "\"dtype\"",
    "\"shape\":[]",
    "\"data_offsets\"",
    "\"F32\"",
    "\"BOOL\"",
    "\"F8_E4M3\"",
    "\"__metadata__\":{}",
    "\\u0000",
    "\\ud800",
    "\u00e9",
    "\uFEFF",
    " ",
    "\n",
    "//",
    "[[[[[[[[[[",
    "[0,4]",
    "4294967296"
  };

  @TempDir private Path folder;
  private int accepted;
  private int refused;

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<byte[]> originals = originals();
    Path file = folder.resolve("fuzz.safetensors");
    for (int i = 0; i < FILES; i++) {
      byte[] mutated = originals.get(random.nextInt(originals.size()));
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        mutated = mutate(mutated, random);
      }
      Files.write(file, mutated);
      try {
        readAll(file);
      } catch (RuntimeException | IOException | StackOverflowError | OutOfMemoryError e) {
        fail("seed " + seed + ", file " + i + ": " + Arrays.toString(mutated), e);
      }
    }
    // Both happen, or the mutations test nothing.
    String counts = "seed " + seed + ": accepted " + accepted + ", refused " + refused;
    assertTrue(accepted > FILES / 100 && refused > FILES / 4, counts);
  }

  private void readAll(Path path) throws IOException {
    try (var file = SafetensorsFile.open(path)) {
      for (String name : file.names()) {
        TensorView tensor = file.tensor(name);
        if (tensor.dtype().isFloatingPoint()) {
          tensor.toFloatArray();
        } else {
          tensor.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
      }
      accepted++;
    } catch (CheckpointException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.startsWith("fuzz.safetensors: ") || message.length() > 800) {
        throw new IllegalStateException("message: " + message, e);
      }
      refused++;
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> splice(bytes, at, 0, new byte[] {(byte) random.nextInt(256)});
      case 2 -> splice(bytes, at, 1 + random.nextInt(8), new byte[0]);
      case 3 -> splice(bytes, at, 1, new byte[] {(byte) (1 << random.nextInt(8))});
      case 4 -> withLength(bytes, random.nextBoolean() ? random.nextLong() : random.nextInt(400));
      default -> replaceInHeader(bytes, random);
    };
  }

  /** Puts a fragment into the header and keeps the length right, so that the parser sees it. */
  private static byte[] replaceInHeader(byte[] bytes, Random random) {
    if (bytes.length < 10) {
      return bytes;
    }
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (length < 1 || length > bytes.length - 8) {
      return bytes;
    }
    int at = 8 + random.nextInt((int) length);
    int removed = Math.min(random.nextInt(6), 8 + (int) length - at);
    String fragment = FRAGMENTS[random.nextInt(FRAGMENTS.length)];
    byte[] inserted = fragment.getBytes(StandardCharsets.UTF_8);
    return withLength(splice(bytes, at, removed, inserted), length - removed + inserted.length);
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    int from = Math.min(bytes.length, at + removed);
    return ByteBuffer.allocate(at + inserted.length + bytes.length - from)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, from, bytes.length - from)
        .array();
  }

  private static byte[] withLength(byte[] bytes, long length) {
    byte[] changed = bytes.clone();
    if (changed.length >= 8) {
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    }
    return changed;
  }

  private static List<byte[]> originals() throws IOException {
    List<byte[]> originals = new ArrayList<>();
    for (String name : List.of("all_types.safetensors", "no_tensors.safetensors")) {
      try (var in = SafetensorsFuzzTest.class.getResourceAsStream(name)) {
        originals.add(in.readAllBytes());
      }
    }
    String header =
        "{\"__metadata__\":{\"a\":\"b\"},%s,%s} "
            .formatted(
                SafetensorsBytes.entry("a", "F32", "[2,3]", 0, 24),
                SafetensorsBytes.entry("b", "I64", "[1]", 24, 32));
    originals.add(SafetensorsBytes.of(header, 32));
    return originals;
  }
}
