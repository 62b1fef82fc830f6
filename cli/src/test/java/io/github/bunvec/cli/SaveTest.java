package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bunvec save}: the directory keeps the options in force. */
class SaveTest {

  private static final String TEXT = "今日は良い天気です。明日も晴れるでしょう。";

  private static final List<String> OPTIONS =
      List.of("--max-length", "6", "--no-normalize", "--truncate-dim", "40", "--prompt", "文: ");

  @TempDir private Path folder;

  private static Run run(List<String> options, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, options);
    return Run.of(all.toArray(String[]::new));
  }

  @Test
  void optionsBecomePartOfTheModel() {
    Path saved = folder.resolve("saved");
    Run save = run(OPTIONS, "save", "--output", saved.toString());
    assertEquals(0, save.exitCode(), save.err());
    assertEquals("", save.err());
    assertTrue(save.lines().contains("1_Pooling/config.json"), save.text());
    assertTrue(save.lines().contains("model.safetensors"), save.text());
    assertTrue(save.lines().stream().allMatch(file -> Files.isRegularFile(saved.resolve(file))));
    Run expected = run(OPTIONS, "embed", TEXT);
    Run plain = Run.of("embed", TEXT);
    Run found = Run.of("embed", "--model", saved.toString(), TEXT);
    assertEquals(0, found.exitCode(), found.err());
    assertArrayEquals(expected.out(), found.out());
    assertFalse(plain.text().equals(found.text()));
  }

  @Test
  void whatCannotBeSavedIsBadInput() throws IOException {
    String there = folder.toString();
    Run exists = Run.of("save", "--output", there);
    assertEquals(3, exists.exitCode());
    assertTrue(exists.err().contains(there + ": exists already"), exists.err());
    Run nowhere = Run.of("save", "--output", folder.resolve("a/b").toString());
    assertEquals(3, nowhere.exitCode());
    assertTrue(nowhere.err().contains(folder.resolve("a") + ": no such directory"), nowhere.err());
    String saved = folder.resolve("saved").toString();
    Run cut = Run.of("save", "--output", saved, "--truncate-dim", "8", "--normalize");
    assertEquals(3, cut.exitCode());
    assertTrue(cut.err().contains("cannot be saved as a model"), cut.err());
    assertEquals(2, Run.of("save").exitCode());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }
}
