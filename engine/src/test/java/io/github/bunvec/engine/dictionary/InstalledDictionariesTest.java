package io.github.bunvec.engine.dictionary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.dictionary.InstalledDictionaries.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where dictionaries are looked for, and in which order. */
class InstalledDictionariesTest {

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  private InstalledDictionaries installed() {
    return InstalledDictionaries.of(environment, folder.resolve("root"));
  }

  private Path dictionary(String path) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(path));
    Files.createFile(directory.resolve("sys.dic"));
    return directory;
  }

  private void set(String variable, String... paths) {
    environment.put(
        variable,
        String.join(":", List.of(paths).stream().map(p -> folder.resolve(p).toString()).toList()));
  }

  private void assertFinds(Path directory, String origin) {
    assertEquals(Optional.of(new Found(directory, origin)), installed().find("unidic_lite"));
  }

  @Test
  void nothingAnywhere() {
    assertEquals(Optional.empty(), installed().find("unidic_lite"));
    assertEquals(
        "BUNVEC_DICTIONARY (not set), the data folder (HOME is not set), unidic_lite/dicdir in"
            + " Python's packages (no folder of such)",
        installed().places("unidic_lite"));
  }

  @Test
  void theVariableGoesFirstAndNeedNotBeThere() throws IOException {
    set("BUNVEC_HOME", "data");
    dictionary("data/dictionaries/unidic_lite");
    set("BUNVEC_DICTIONARY", "none");
    assertFinds(folder.resolve("none"), "named by BUNVEC_DICTIONARY");
    environment.put("BUNVEC_DICTIONARY", "");
    assertFinds(folder.resolve("data/dictionaries/unidic_lite"), "installed by bunvec");
  }

  @Test
  void dataFolders() {
    assertThrows(IllegalStateException.class, () -> installed().home("unidic_lite"));
    set("HOME", "home");
    assertEquals(
        folder.resolve("home/.local/share/bunvec/dictionaries/unidic_lite"),
        installed().home("unidic_lite"));
    set("XDG_DATA_HOME", "xdg");
    assertEquals(folder.resolve("xdg/bunvec/dictionaries/unidic"), installed().home("unidic"));
    set("BUNVEC_HOME", "own");
    assertEquals(folder.resolve("own/dictionaries/unidic"), installed().home("unidic"));
  }

  @Test
  void installedGoesBeforePython() throws IOException {
    set("HOME", "home");
    Path python = dictionary("home/.local/lib/python3.12/site-packages/unidic_lite/dicdir");
    assertFinds(python, "found in Python's packages");
    assertFinds(
        dictionary("home/.local/share/bunvec/dictionaries/unidic_lite"), "installed by bunvec");
  }

  @Test
  void aPackageWithoutItsDataIsNone() throws IOException {
    set("VIRTUAL_ENV", "venv");
    Files.createDirectories(folder.resolve("venv/lib/python3.11/site-packages/unidic/dicdir"));
    assertEquals(Optional.empty(), installed().find("unidic"));
  }

  /** Each place in turn, the last in the order first: what is found is always the new one. */
  @Test
  void placesOfPythonInOrder() throws IOException {
    set("HOME", "home");
    set("VIRTUAL_ENV", "venv");
    set("CONDA_PREFIX", "conda");
    set("PYTHONPATH", "nowhere", "packages");
    set("PATH", "bin", "python/bin");
    Path program = Files.createDirectories(folder.resolve("python/bin")).resolve("python3");
    assertTrue(Files.createFile(program).toFile().setExecutable(true));
    String dicdir = "/unidic_lite/dicdir";
    for (String place :
        List.of(
            "home/.pyenv/versions/3.9.1/lib/python3.9/site-packages",
            "home/.pyenv/versions/3.10.1/lib/python3.10/site-packages",
            "home/.pyenv/versions/3.11.1/lib/python3.11/site-packages",
            "root/usr/lib64/python3.9/site-packages",
            "root/usr/local/lib/python3.12/dist-packages",
            "root/usr/local/lib/python3.12/site-packages",
            "root/usr/lib/python3/dist-packages",
            "home/.local/lib/python3.12/site-packages",
            "python/lib/python3.13/site-packages",
            "packages",
            "conda/lib/python3.12/site-packages",
            "venv/lib/python3.11/site-packages")) {
      assertFinds(dictionary(place + dicdir), "found in Python's packages");
    }
    assertFalse(installed().places("unidic_lite").contains("nowhere"));
    assertTrue(
        installed()
            .places("unidic_lite")
            .endsWith(
                "unidic_lite/dicdir in Python's packages (%s, %s, %s, %s and 8 more)"
                    .formatted(
                        folder.resolve("venv/lib/python3.11/site-packages"),
                        folder.resolve("conda/lib/python3.12/site-packages"),
                        folder.resolve("packages"),
                        folder.resolve("python/lib/python3.13/site-packages"))),
        installed().places("unidic_lite"));
  }

  @Test
  void pythonOnPathIsFollowedToWhereItLies() throws IOException {
    Path program = Files.createDirectories(folder.resolve("opt/bin")).resolve("python3.12");
    assertTrue(Files.createFile(program).toFile().setExecutable(true));
    Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(folder.resolve("links/python"), program);
    set("PATH", "links");
    assertFinds(
        dictionary("opt/lib/python3.12/site-packages/unidic_lite/dicdir"),
        "found in Python's packages");
  }

  @Test
  void aFolderOfTwoNamesIsNamedOnce() throws IOException {
    Path packages = Files.createDirectories(folder.resolve("packages"));
    Files.createSymbolicLink(folder.resolve("link"), packages);
    set("PYTHONPATH", "link", "packages");
    assertTrue(
        installed().places("unidic").endsWith("(" + folder.resolve("link") + ")"),
        installed().places("unidic"));
  }

  @Test
  void pyenvsOwnVariable() throws IOException {
    set("HOME", "home");
    set("PYENV_ROOT", "pyenv");
    dictionary("home/.pyenv/versions/3.12.0/lib/python3.12/site-packages/unidic_lite/dicdir");
    assertFinds(
        dictionary("pyenv/versions/3.10.0/lib/python3.10/site-packages/unidic_lite/dicdir"),
        "found in Python's packages");
  }
}
