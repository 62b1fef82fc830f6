package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.mecab.DictionaryCompiler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives are those of tools/golden/package_archives.py; pip is a script on the PATH. */
class DictionaryCommandTest {

  private static final List<String> INSTALLED =
      List.of("BSD", "LICENSE", "char.bin", "dicrc", "matrix.bin", "mecabrc", "sys.dic", "unk.dic");

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void emptyEnvironment() throws IOException {
    environment.put("BUNVEC_HOME", folder.resolve("data").toString());
    environment.put("PATH", Files.createDirectory(folder.resolve("bin")).toString());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DictionaryCommandTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static DictionaryPackage tiny(byte[] archive) {
    byte[] matrix = new byte[512];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (byte) i;
    }
    return new DictionaryPackage(
        "tiny-dic",
        "tiny_dic",
        "1.0",
        sha256(archive),
        Map.of(
            "sys.dic",
            sha256("words".repeat(300).getBytes(StandardCharsets.UTF_8)),
            "unk.dic",
            sha256("unknown".getBytes(StandardCharsets.UTF_8)),
            "matrix.bin",
            sha256(matrix),
            "char.bin",
            sha256(new byte[0])));
  }

  private Path archive(String name) throws IOException {
    return Files.write(folder.resolve(name), resource(name));
  }

  private Run install(DictionaryPackage dictionary, String... options) {
    List<String> arguments =
        Stream.concat(Stream.of("dictionary", "install", "tiny-dic"), Stream.of(options)).toList();
    return Run.dictionary(environment, dictionary, arguments.toArray(String[]::new));
  }

  private Path target() {
    return folder.resolve("data/dictionaries/tiny_dic");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-dic-ustar.tar.gz",
        "tiny-dic-pax.tar.gz",
        "tiny-dic-gnu.tar.gz",
        "tiny_dic-1.0-py3-none-any.whl"
      })
  void unpacksWhatIsNeeded(String name) throws IOException {
    Run run = install(tiny(resource(name)), "--from", archive(name).toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        "bunvec: installed tiny-dic 1.0 in %s; models that name tiny_dic find it\n"
            .formatted(target()),
        run.err());
    assertEquals(INSTALLED, names(target()));
    assertEquals(List.of("tiny_dic"), names(folder.resolve("data/dictionaries")));
    assertEquals("words".repeat(300), Files.readString(target().resolve("sys.dic")));
    assertEquals("cost-factor = 700\n", Files.readString(target().resolve("dicrc")));
    assertTrue(Files.isRegularFile(target().resolve("dicrc")));
  }

  @Test
  void whatIsThereStaysUnlessForced() throws IOException {
    String name = "tiny-dic-ustar.tar.gz";
    DictionaryPackage dictionary = tiny(resource(name));
    assertEquals(0, install(dictionary, "--from", archive(name).toString()).exitCode());
    Files.writeString(target().resolve("sys.dic"), "old");
    Files.writeString(target().resolve("mine.txt"), "mine");
    Run again = install(dictionary, "--from", archive(name).toString());
    assertEquals(0, again.exitCode());
    assertEquals(
        "bunvec: tiny-dic is there already: %s; --force replaces it\n".formatted(target()),
        again.err());
    assertEquals("old", Files.readString(target().resolve("sys.dic")));
    assertEquals(0, install(dictionary, "--force", "--from", archive(name).toString()).exitCode());
    assertEquals("words".repeat(300), Files.readString(target().resolve("sys.dic")));
    assertEquals("mine", Files.readString(target().resolve("mine.txt")));
  }

  @Test
  void intoAFolderOfTheUsers() throws IOException {
    String name = "tiny-dic-pax.tar.gz";
    Path to = folder.resolve("else/where");
    Run run =
        install(tiny(resource(name)), "--from", archive(name).toString(), "--to", to.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        "bunvec: installed tiny-dic 1.0 in %s; name it by --dictionary or by BUNVEC_DICTIONARY\n"
            .formatted(to),
        run.err());
    assertEquals(INSTALLED, names(to));
  }

  @Test
  void anotherArchiveIsRefusedWithBothDigests() throws IOException {
    byte[] bytes = resource("tiny-dic-ustar.tar.gz");
    byte[] other = resource("tiny-dic-gnu.tar.gz");
    Path file = Files.write(folder.resolve("x.tar.gz"), other);
    Run run = install(tiny(bytes), "--from", file.toString());
    assertEquals(3, run.exitCode());
    assertEquals(
        "bunvec: %s: the archive is not that of tiny-dic 1.0: its SHA-256 is %s, expected %s\n"
            .formatted(file, sha256(other), sha256(bytes)),
        run.err());
    assertEquals(List.of(), names(folder.resolve("data/dictionaries")));
  }

  @Test
  void aFileOfAnotherPackageIsRefused() throws IOException {
    String name = "tiny_dic-1.0-py3-none-any.whl";
    DictionaryPackage known = tiny(resource(name));
    Map<String, String> digests = new HashMap<>(known.digests());
    digests.put("unk.dic", "0".repeat(64));
    DictionaryPackage other =
        new DictionaryPackage("tiny-dic", "tiny_dic", "1.0", known.archiveDigest(), digests);
    Run run = install(other, "--from", archive(name).toString());
    assertEquals(3, run.exitCode());
    assertTrue(
        run.err()
            .contains(
                "whl: unk.dic is not that of tiny-dic 1.0: its SHA-256 is %s, expected %s"
                    .formatted(known.digests().get("unk.dic"), "0".repeat(64))),
        run.err());
    digests.put("more.bin", "0".repeat(64));
    DictionaryPackage larger =
        new DictionaryPackage("tiny-dic", "tiny_dic", "1.0", known.archiveDigest(), digests);
    run = install(larger, "--from", archive(name).toString());
    assertTrue(run.err().contains("has no more.bin, so it is not tiny-dic 1.0"), run.err());
    assertFalse(Files.exists(target()));
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    DictionaryPackage dictionary = tiny(new byte[0]);
    Path text = Files.writeString(folder.resolve("text"), "plain");
    assertEquals(
        "bunvec: %s: is no .tar.gz and no wheel of tiny-dic 1.0\n".formatted(text),
        install(dictionary, "--from", text.toString()).err());
    Run unpacked = install(dictionary, "--from", folder.toString());
    assertEquals(3, unpacked.exitCode());
    assertTrue(
        unpacked.err().startsWith("bunvec: %s: is a directory".formatted(folder)), unpacked.err());
    Run missing = install(dictionary, "--from", folder.resolve("none").toString());
    assertEquals(3, missing.exitCode());
    assertEquals(
        "bunvec: %s: no such file or directory\n".formatted(folder.resolve("none")), missing.err());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(new byte[2000]);
      out.write("no header".repeat(100).getBytes(StandardCharsets.UTF_8));
    }
    Path zeros = Files.write(folder.resolve("zeros.tar.gz"), bytes.toByteArray());
    Run run = install(tiny(bytes.toByteArray()), "--from", zeros.toString());
    assertTrue(run.err().contains("has no char.bin, so it is not tiny-dic 1.0"), run.err());
    Path cut = folder.resolve("cut.tar.gz");
    byte[] whole = resource("tiny-dic-ustar.tar.gz");
    byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
    Files.write(cut, half);
    assertEquals(3, install(tiny(half), "--from", cut.toString()).exitCode());
    assertEquals(List.of(), names(folder.resolve("data/dictionaries")));
  }

  private void program(String name, String... lines) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void theMachinesPipFetches() throws IOException {
    String name = "tiny-dic-gnu.tar.gz";
    archive(name);
    DictionaryPackage dictionary = tiny(resource(name));
    program(
        "python3", "echo python3 \"$@\" > " + folder + "/log", "echo No module named pip; exit 1");
    program(
        "pip3",
        "echo pip3 \"$@\" >> " + folder + "/log",
        "for last; do :; done",
        "/bin/cat \"$last/requirements.txt\" >> " + folder + "/log",
        "/bin/cp " + folder.resolve(name) + " \"$last/\"");
    Run run = install(dictionary);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("bunvec: fetching tiny-dic 1.0 with pip", run.errorLines().getFirst());
    assertEquals(INSTALLED, names(target()));
    List<String> log = Files.readAllLines(folder.resolve("log"));
    String options =
        "download --disable-pip-version-check --no-input --no-deps --no-binary tiny-dic"
            + " --require-hashes -r ";
    assertTrue(log.get(0).startsWith("python3 -m pip " + options), log.get(0));
    assertTrue(log.get(1).startsWith("pip3 " + options), log.get(1));
    assertEquals("tiny-dic==1.0 --hash=sha256:" + dictionary.archiveDigest(), log.get(2));
    assertEquals(3, log.size());
  }

  @Test
  void whatPipGivesIsCheckedAgain() throws IOException {
    archive("tiny-dic-gnu.tar.gz");
    program(
        "pip",
        "for last; do :; done",
        "/bin/cp " + folder.resolve("tiny-dic-gnu.tar.gz") + " \"$last/\"");
    Run run = install(tiny(resource("tiny-dic-pax.tar.gz")));
    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("the archive is not that of tiny-dic 1.0"), run.err());
    assertEquals(List.of(), names(folder.resolve("data/dictionaries")));
  }

  @Test
  void withoutPipOrNetwork() throws IOException {
    DictionaryPackage dictionary = tiny(new byte[0]);
    Run none = install(dictionary);
    assertEquals(3, none.exitCode());
    assertEquals(
        "bunvec: there is no python3, pip3 or pip on PATH to fetch tiny-dic with; download"
            + " tiny-dic-1.0.tar.gz by other means and name it by --from FILE",
        none.errorLines().getLast());
    program("pip3", "echo 'ERROR: no network'; exit 1");
    program("pip", "exit 0");
    assertEquals(
        "bunvec: pip could not fetch tiny-dic 1.0 (pip3: status 1, ERROR: no network; pip: saved"
            + " no file); download tiny-dic-1.0.tar.gz by other means and name it by --from FILE",
        install(dictionary).errorLines().getLast());
    assertEquals(List.of(), names(folder.resolve("data/dictionaries")));
  }

  @Test
  void namesThatCannotBeInstalled() {
    for (Map.Entry<String, String> name :
        Map.of(
                "unidic", "python -m unidic download",
                "ipadic", "expected unidic-lite; ipadic is embedded",
                "jumandic", "'jumandic' cannot be installed, expected unidic-lite")
            .entrySet()) {
      Run run =
          Run.dictionary(
              environment, DictionaryPackage.UNIDIC_LITE, "dictionary", "install", name.getKey());
      assertEquals(2, run.exitCode());
      assertTrue(run.err().contains(name.getValue()), run.err());
    }
    environment.clear();
    Run run =
        Run.dictionary(
            environment, DictionaryPackage.UNIDIC_LITE, "dictionary", "install", "unidic_lite");
    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("or name a folder by --to DIR"), run.err());
  }

  @Test
  void listSaysWhatIsWhere() throws IOException {
    Path installed = folder.resolve("data/dictionaries/unidic_lite");
    Files.createDirectories(installed);
    Files.createFile(installed.resolve("sys.dic"));
    Run run = Run.dictionary(environment, DictionaryPackage.UNIDIC_LITE, "dictionary", "list");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("ipadic      embedded; for models that name ipadic or none", run.lines().get(0));
    assertEquals("unidic_lite %s (installed by bunvec)".formatted(installed), run.lines().get(1));
    environment.put("BUNVEC_DICTIONARY", "/some/where");
    run = Run.dictionary(environment, DictionaryPackage.UNIDIC_LITE, "dictionary", "list");
    assertEquals("unidic      /some/where (named by BUNVEC_DICTIONARY)", run.lines().get(2));
  }

  @Test
  void helpAndMistakes() {
    assertTrue(Run.of("dictionary", "install", "--help").text().contains("--from=FILE"));
    assertTrue(Run.of("dictionary", "--help").text().contains("install"));
    assertEquals(2, Run.of("dictionary").exitCode());
    assertEquals(2, Run.of("dictionary", "install").exitCode());
    Run run = Run.of("info", "--dictionary", folder.toString());
    assertEquals(3, run.exitCode());
    assertEquals(
        "bunvec: %s: is missing; a MeCab dictionary directory holds sys.dic, unk.dic, matrix.bin and char.bin\n"
            .formatted(folder.resolve("sys.dic")),
        run.err());
    assertTrue(
        Run.of("info").lines().contains("dictionary  ipadic, embedded"), Run.of("info").text());
  }

  /** Damage that opening does not see ends the command with the file's name and no stack trace. */
  @Test
  void aDamagedDictionaryIsNamed() throws IOException {
    DictionaryCompiler compiler = new DictionaryCompiler(1, 1);
    byte[] words = compiler.system(List.of(new DictionaryCompiler.Entry("猫", 0, 0, 1)));
    words[72 + 3] = 0x7F; // the trie's root
    Path system = Files.write(folder.resolve("sys.dic"), words);
    Files.write(
        folder.resolve("unk.dic"),
        compiler.unknown(List.of(new DictionaryCompiler.Entry("DEFAULT", 0, 0, 100))));
    Files.write(folder.resolve("matrix.bin"), compiler.matrix(new short[1]));
    Files.write(
        folder.resolve("char.bin"),
        DictionaryCompiler.characters(
            List.of(new DictionaryCompiler.Category("DEFAULT", true, true, 1)), List.of()));
    Run run = Run.of("tokenize", "--dictionary", folder.toString(), "猫");
    assertEquals(3, run.exitCode(), run.err());
    assertTrue(run.err().startsWith("bunvec: " + system + ": has a damaged trie"), run.err());
    assertEquals(1, run.errorLines().size(), run.err());
  }
}
