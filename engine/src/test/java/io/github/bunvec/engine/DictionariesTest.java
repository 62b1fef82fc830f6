package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which dictionary a model directory gets, and what is said where it gets none. */
class DictionariesTest {

  @TempDir private Path folder;
  private Path directory = Path.of("");
  private Path dictionary = Path.of("");
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void makeAModelAndADictionary() throws IOException {
    directory = Files.createDirectories(folder.resolve("model"));
    Path source = GoldenModel.folder().resolve("gelu-h64-d32-l1-masked-lm");
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(source.resolve(name), directory.resolve(name));
    }
    Files.writeString(
        directory.resolve("vocab.txt"),
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
            + IntStream.range(5, 50).mapToObj(i -> "w" + i + "\n").collect(Collectors.joining()));
    dictionary = Files.createDirectories(folder.resolve("my dic"));
    writeDictionary(dictionary);
  }

  /** A dictionary of one word and one category. */
  private static void writeDictionary(Path target) throws IOException {
    DictionaryCompiler compiler = new DictionaryCompiler(1, 1);
    Files.write(
        target.resolve("sys.dic"),
        compiler.system(List.of(new DictionaryCompiler.Entry("猫", 0, 0, 1))));
    Files.write(
        target.resolve("unk.dic"),
        compiler.unknown(List.of(new DictionaryCompiler.Entry("DEFAULT", 0, 0, 100))));
    Files.write(target.resolve("matrix.bin"), compiler.matrix(new short[1]));
    Files.write(
        target.resolve("char.bin"),
        DictionaryCompiler.characters(
            List.of(new DictionaryCompiler.Category("DEFAULT", true, true, 1)), List.of()));
  }

  private EmbeddingModelBuilder builder(String mecabDic, String mecabOption) throws IOException {
    return builder("true", mecabDic, mecabOption);
  }

  private EmbeddingModelBuilder builder(String words, String mecabDic, String mecabOption)
      throws IOException {
    String quoted =
        mecabOption.equals("null")
            ? mecabOption
            : "\"" + mecabOption.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    String json =
        """
        {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
         "do_word_tokenize": %s, "mecab_kwargs": {"mecab_dic": %s, "mecab_option": %s}}
        """
            .formatted(words, mecabDic, quoted);
    Files.writeString(directory.resolve("tokenizer_config.json"), json);
    return EmbeddingModel.builder(directory)
        .installed(InstalledDictionaries.of(environment, folder.resolve("root")));
  }

  private static void assertUses(String description, EmbeddingModelBuilder builder)
      throws IOException {
    try (EmbeddingModel model = builder.build()) {
      assertEquals(description, model.info().dictionary());
      assertEquals(64, model.embed("猫がいる。").length);
    }
  }

  private static String refusal(EmbeddingModelBuilder builder) {
    CheckpointException e = assertThrows(CheckpointException.class, () -> builder.build().close());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void ipadicIsEmbedded() throws IOException {
    assertUses("ipadic, embedded", builder("\"ipadic\"", "null"));
    assertUses("ipadic, embedded (the model names none)", builder("null", "null"));
    assertUses("ipadic, embedded (the model names none)", builder("null", ""));
  }

  /** The embedded one must not change with the machine a model runs on. */
  @Test
  void theVariableDoesNotReplaceIpadic() throws IOException {
    environment = Map.of("BUNVEC_DICTIONARY", dictionary.toString());
    assertUses("ipadic, embedded", builder("\"ipadic\"", "null"));
    assertUses(
        "unidic_lite, %s (named by BUNVEC_DICTIONARY)".formatted(dictionary),
        builder("\"unidic_lite\"", "null"));
  }

  @Test
  void unidicLiteIsFoundWhereItWasInstalled() throws IOException {
    Path data = folder.resolve("data");
    environment = Map.of("BUNVEC_HOME", data.toString());
    Path target = Files.createDirectories(data.resolve("dictionaries/unidic_lite"));
    writeDictionary(target);
    assertUses(
        "unidic_lite, %s (installed by bunvec)".formatted(target),
        builder("\"unidic_lite\"", "null"));
  }

  @Test
  void whatTheCallerChoosesGoesFirst() throws IOException {
    environment = Map.of("BUNVEC_DICTIONARY", folder.resolve("none").toString());
    assertUses(
        "%s (chosen, the model names unidic_lite)".formatted(dictionary),
        builder("\"unidic_lite\"", "-d /none").dictionary(dictionary));
    Dictionary open = Dictionary.open(dictionary);
    assertUses(
        "given by the caller, the model names none",
        builder("null", "null").dictionary(dictionary).dictionary(open));
  }

  @Test
  void optionD() throws IOException {
    assertUses(
        "%s (mecab_option -d)".formatted(dictionary), builder("null", "-d \"" + dictionary + "\""));
    // As in transformers, where the named dictionary's directory stands before the option.
    assertUses(
        "%s (mecab_option -d), maximum grouping size 8, without effect on words: -O wakati"
            .formatted(dictionary),
        builder("\"unidic_lite\"", "-O wakati --dicdir='" + dictionary + "' -M8"));
  }

  @Test
  void resourceFile() throws IOException {
    Path file = dictionary.resolve("mecabrc");
    Files.writeString(file, "dicdir = $(rcpath)\n");
    assertUses(
        "%s (mecab_option -r)".formatted(dictionary), builder("null", "-r \"" + file + "\""));
    // A named dictionary goes before that of the file.
    assertUses("ipadic, embedded", builder("\"ipadic\"", "-r \"" + file + "\""));
    String missing = refusal(builder("null", "-r /none/mecabrc"));
    assertEquals("/none/mecabrc: is missing; mecab_option names it by -r", missing);
  }

  @Test
  void userDictionariesOfOptionResourceAndDicrc() throws IOException {
    Path missing = folder.resolve("user.dic");
    String expected = missing + ": is missing; expected a user dictionary";
    assertEquals(expected, refusal(builder("\"ipadic\"", "-u \"" + missing + "\"")));
    Path file = Files.writeString(folder.resolve("rc"), "userdic = " + missing + "\n");
    assertEquals(expected, refusal(builder("\"ipadic\"", "-r \"" + file + "\"")));
    Files.writeString(dictionary.resolve("dicrc"), "cost-factor = 800\nuserdic = " + missing);
    assertEquals(expected, refusal(builder("null", "null").dictionary(dictionary)));
    assertUses(
        "%s (chosen, the model names none)".formatted(dictionary),
        builder("null", "-u ''").dictionary(dictionary));
    Path other = folder.resolve("other.dic");
    assertTrue(
        refusal(builder("null", "-u \"" + other + "\"").dictionary(dictionary))
            .startsWith(other + ": is missing"));
  }

  @Test
  void aMissingDictionarySaysWhereAndWhat() throws IOException {
    Files.createDirectories(folder.resolve("venv/lib/python3.12/site-packages"));
    environment =
        Map.of("VIRTUAL_ENV", folder.resolve("venv").toString(), "HOME", folder.toString());
    String message = refusal(builder("\"unidic_lite\"", "null"));
    for (String part :
        List.of(
            "tokenizer_config.json: mecab_dic is 'unidic_lite'",
            "bunvec dictionary install unidic-lite",
            "pip install unidic-lite",
            "--dictionary DIR",
            "BUNVEC_DICTIONARY (not set)",
            folder + "/.local/share/bunvec/dictionaries/unidic_lite",
            folder + "/venv/lib/python3.12/site-packages")) {
      assertTrue(message.contains(part), message);
    }
    message = refusal(builder("\"unidic\"", "null"));
    assertTrue(message.contains("'pip install unidic' and 'python -m unidic download'"), message);
  }

  @Test
  void refusals() throws IOException {
    assertTrue(
        refusal(builder("\"jumandic\"", "null"))
            .contains("mecab_dic is 'jumandic', expected ipadic, unidic_lite, unidic or null"));
    assertEquals(
        "tokenizer_config.json: mecab_option is '-d /a -p': -p changes what MeCab gives and is not"
            + " supported; leave it out",
        refusal(builder("null", "-d /a -p")));
    Path none = folder.resolve("none");
    assertTrue(
        refusal(builder("null", "null").dictionary(none))
            .startsWith(none.resolve("sys.dic") + ": is missing; a MeCab dictionary directory"));
    Files.write(dictionary.resolve("matrix.bin"), new byte[100]);
    assertTrue(
        refusal(builder("null", "null").dictionary(dictionary))
            .startsWith(dictionary.resolve("matrix.bin") + ": has 100 bytes"));
  }

  @Test
  void aTokenizerThatCutsNoWordsUsesNone() throws IOException {
    try (EmbeddingModel model = builder("false", "\"unidic_lite\"", "null").build()) {
      assertNull(model.info().dictionary());
    }
    EmbeddingModelBuilder chosen = builder("false", "null", "null").dictionary(dictionary);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> chosen.build().close());
    assertEquals(
        "a dictionary was chosen (%s), but this model's tokenizer uses none; leave it out"
            .formatted(dictionary),
        e.getMessage());
  }
}
