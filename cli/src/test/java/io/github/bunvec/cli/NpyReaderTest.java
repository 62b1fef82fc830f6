package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays that NumPy wrote (tools/golden/npy_golden.py), and files that are wrong. */
class NpyReaderTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "numpy-f2-version1.npy, 2, 3, 2, 5e-4",
    "numpy-f4-version2.npy, 2, 3, 2, 1e-7",
    "numpy-f8-version3.npy, 2, 3, 2, 0",
    "numpy-3x4.npy, 3, 4, 5, 2e-7",
    "numpy-1234x1.npy, 1234, 1, 5, 5e-5",
    "numpy-0x5.npy, 0, 5, 5, 0"
  })
  void readsWhatNumPyWrote(String name, int rows, int columns, int zero, double tolerance)
      throws IOException {
    try (NpyReader reader = NpyReader.open(file(resource(name)))) {
      assertEquals(rows, reader.rows());
      for (int i = 0; i < rows; i++) {
        double[] row = reader.next();
        assertEquals(columns, row.length);
        for (int k = 0; k < columns; k++) {
          assertEquals((i * columns + k - zero) / 3.0, row[k], tolerance);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "numpy-fortran.npy | has fortran_order True, expected False",
        "numpy-big-endian.npy | has descr '>f4', expected '<f4'",
        "numpy-3d.npy | has shape (1, 2, 3), expected (texts, dimension)"
      })
  void refusesOtherArrays(String name, String message) throws IOException {
    assertTrue(refused(resource(name)).contains(message), refused(resource(name)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} | has 96 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} | has shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)} | has shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999, 2)} | has shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2000000)} | has 2000000 columns",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0)} | has 0 columns",
        "{'descr': '<f4', 'fortran_order': False} | has shape missing",
        "{'descr': '<f4', 'shape': (0, 2)} | has fortran_order missing",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (0, 2)} | has descr '<i8'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0, 2)} | has a header that",
        "{'descr': '<f4', 'descr': '<f4'} | has a header that",
        "{'descr': '<f4' 'shape': (0, 2)} | has a header that",
        "{'descr': '<f4 | has a header that",
        "{'descr' | has a header that",
        "{} {} | has a header that",
        "[] | has a header that"
      })
  void refusesWrongHeaders(String header, String message) throws IOException {
    byte[] wrong = array(header, 96);
    assertTrue(refused(wrong).contains(message), refused(wrong));
  }

  @Test
  void refusesWrongSizesAndValues() throws IOException {
    byte[] good = resource("numpy-f4-version2.npy");
    assertTrue(refused(Arrays.copyOf(good, good.length - 1)).contains("its header says"));
    assertTrue(refused(Arrays.copyOf(good, good.length + 1)).contains("its header says"));
    assertTrue(refused(Arrays.copyOf(good, 20)).contains("ends within the header"));
    assertTrue(refused(new byte[0]).contains("ends within the header"));
    assertTrue(refused("text".repeat(20).getBytes(StandardCharsets.UTF_8)).contains("\\x93NUMPY"));
    byte[] version = good.clone();
    version[6] = 9;
    assertTrue(refused(version).contains("format version 9.0"));
    byte[] longHeader = good.clone();
    longHeader[11] = (byte) 0xff;
    assertTrue(refused(longHeader).contains("expected at most"), refused(longHeader));
    byte[] notFinite = good.clone();
    Arrays.fill(notFinite, good.length - 4, good.length, (byte) 0xff);
    Path file = file(notFinite);
    try (NpyReader reader = NpyReader.open(file)) {
      reader.next();
      CommandException e = assertThrows(CommandException.class, reader::next);
      assertEquals(
          file + ": row 2 has the value NaN in column 3, expected numbers", e.getMessage());
    }
  }

  @Test
  void damagedFilesAreReadOrRefused() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good = resource("numpy-f4-version2.npy");
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = good.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        bytes[random.nextInt(90)] = (byte) random.nextInt(256);
      }
      try (NpyReader reader = NpyReader.open(file(bytes))) {
        for (long row = 0; row < reader.rows(); row++) {
          reader.next();
        }
      } catch (CommandException e) {
        assertEquals(ExitCode.BAD_INPUT, e.exitCode(), "seed " + seed);
      }
    }
  }

  private String refused(byte[] bytes) throws IOException {
    Path file = file(bytes);
    CommandException e = assertThrows(CommandException.class, () -> NpyReader.open(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    return e.getMessage();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npy"), bytes);
  }

  private static byte[] array(String header, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) (size - 10), 0});
    out.writeBytes(
        (header + " ".repeat(size - 11 - header.length()) + "\n").getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = NpyReaderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
