package io.github.bunvec.engine.dictionary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.tokenizer.mecab.DictionaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Option strings; which are taken and what they do is as fugashi 1.5.2 behaves. */
class MecabOptionTest {

  private static void assertRefused(String option, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> MecabOption.parse(option), option);
    assertEquals(message, e.getMessage());
  }

  /** The right sides are those of Python's shlex.split. */
  @Test
  void wordsAsPythonCutsThem() {
    assertEquals(List.of("-d", "/a b", "-u", "x,y"), ShellWords.split("-d \"/a b\" -u x,y"));
    assertEquals(List.of("-d/a b"), ShellWords.split("-d/a\\ b"));
    assertEquals(List.of("-d", "/a\"b"), ShellWords.split("-d '/a\"b'"));
    assertEquals(List.of("-u", "a,\"b\".dic"), ShellWords.split("-u \"a,\\\"b\\\".dic\""));
    assertEquals(List.of(""), ShellWords.split(" \"\"\n"));
    assertEquals(List.of("ab"), ShellWords.split("a''b"));
    assertEquals(List.of("a\\nb", "c\\d"), ShellWords.split("\"a\\nb\" \"c\\\\d\""));
    assertEquals(List.of(), ShellWords.split(" \t "));
    assertThrows(IllegalArgumentException.class, () -> ShellWords.split("-d \"/a"));
    assertThrows(IllegalArgumentException.class, () -> ShellWords.split("a\\"));
  }

  @Test
  void shortAndLongOptions() {
    MecabOption option = MecabOption.parse("-d \"/a b\" --userdic=x.dic,y.dic -r /rc -M 8");
    assertEquals(new MecabOption("/a b", "x.dic,y.dic", "/rc", 8, List.of()), option);
    option = MecabOption.parse("--dicdir /a -ux.dic --rcfile /rc --max-grouping-size=40");
    assertEquals(new MecabOption("/a", "x.dic", "/rc", 40, List.of()), option);
    assertEquals(new MecabOption(null, null, null, null, List.of()), MecabOption.parse(""));
  }

  @Test
  void theLastHolds() {
    MecabOption option = MecabOption.parse("-d /a --dicdir=/b -M8 -M 0");
    assertEquals("/b", option.dictionary());
    assertNull(option.maxGrouping());
  }

  @Test
  void plainWordsAndWhatFollowsTwoDashesAreIgnored() {
    assertEquals("/a", MecabOption.parse("text - -d /a -- -p --nosuch").dictionary());
  }

  @Test
  void optionsThatChangeNoWordsAreNamed() {
    MecabOption option = MecabOption.parse("-Owakati -N 2 --node-format=%m -C -t 2 -l1 -d /a");
    assertEquals(
        List.of("-Owakati", "-N 2", "--node-format=%m", "-C", "-t 2", "-l1"), option.ineffective());
    assertEquals("/a", option.dictionary());
  }

  @Test
  void whatMecabRefusesOrWeDoNotDo() {
    assertRefused("-d /a -p", "-p changes what MeCab gives and is not supported; leave it out");
    assertRefused(
        "--all-morphs", "--all-morphs changes what MeCab gives and is not supported; leave it out");
    assertRefused("-Z", "-Z is no option of MeCab");
    assertRefused("--nosuch=1", "--nosuch is no option of MeCab");
    assertRefused("-C3", "-C takes no value");
    assertRefused("--partial=1", "--partial takes no value");
    assertRefused("-d", "-d needs a value");
    assertRefused("--userdic", "--userdic needs a value");
    assertRefused("-M x", "the maximum grouping size is 'x', expected a number");
  }

  @Test
  void listsOfFiles() {
    assertEquals(List.of(), MecabResource.files(""));
    assertEquals(List.of(Path.of("a.dic")), MecabResource.files("a.dic,"));
    assertEquals(
        List.of(Path.of("a.dic"), Path.of("b,\"c\".dic"), Path.of("d e")),
        MecabResource.files("a.dic, \"b,\"\"c\"\".dic\"x,\td e"));
  }

  @Test
  void resourceFiles(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mecabrc");
    Files.writeString(
        file, "; a comment\n#another\n\ndicdir =  $(rcpath)/dic\nuserdic=/あ.dic\nuserdic = /b\n");
    MecabResource resource = MecabResource.read(file);
    assertEquals(folder + "/dic", resource.dictionary());
    assertEquals("/あ.dic", resource.users());
    Files.writeString(file, "nonsense\n");
    DictionaryException e = assertThrows(DictionaryException.class, () -> MecabResource.read(file));
    assertEquals(file + ": line 1 is 'nonsense', expected key = value", e.getMessage());
  }
}
