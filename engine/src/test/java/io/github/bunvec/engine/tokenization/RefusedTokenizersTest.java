package io.github.bunvec.engine.tokenization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong or not supported in tokenizer files is named. */
class RefusedTokenizersTest {

  private static final String WHOLE =
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[
      {"id":0,"content":"[X]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
      "normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"WhitespaceSplit"},
      "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}},
      {"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"[X]":{"id":"[X]","ids":[0],"tokens":["[X]"]}}},
      "decoder":null,"model":{"type":"WordPiece","unk_token":"[U]","continuing_subword_prefix":"##",
      "max_input_chars_per_word":100,"vocab":{"[U]":1,"a":2,"##b":3}}}
      """;

  @TempDir private Path folder;

  private Tokenizer load(String tokenizerJson, String config) throws IOException {
    Path dir = Files.createTempDirectory(folder, "case");
    Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"bert\"}");
    Files.writeString(dir.resolve("tokenizer_config.json"), config);
    if (!tokenizerJson.isEmpty()) {
      Files.writeString(dir.resolve("tokenizer.json"), tokenizerJson);
    }
    return load(dir);
  }

  private static Tokenizer load(Path dir) throws IOException {
    try (ModelDirectory directory = ModelDirectory.open(dir)) {
      return Tokenizers.of(
          directory, new Dictionaries(InstalledDictionaries.of(Map.of()), null, null));
    }
  }

  private Tokenizer load(String tokenizerJson) throws IOException {
    return load(tokenizerJson, "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
  }

  private static void assertContains(String part, Throwable e) {
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  @Test
  void theWholeFileIsRead() throws IOException {
    // The model has three tokens, so [X] gets id 3, whatever the file says: the library's rule.
    assertArrayEquals(
        new int[] {0, 2, 3, 1, 3}, load(WHOLE).encode("AB c [X]", Tokenizer.NO_LIMIT).ids());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"type\":\"WordPiece\"|\"type\":\"BPE\"|key 'model.type' is \"BPE\", expected a model that is supported: WordPiece, Unigram",
        "\"type\":\"WordPiece\"|\"type\":\"WordLevel\"|key 'model.type' is \"WordLevel\"",
        "\"Lowercase\"|\"ByteLevel\"|key 'normalizer.type' is \"ByteLevel\", expected a normalizer",
        "\"WhitespaceSplit\"|\"ByteLevel\"|key 'pre_tokenizer.type' is \"ByteLevel\", expected a pre_tokenizer",
        "\"WhitespaceSplit\"|\"UnicodeScripts\"|key 'pre_tokenizer.type' is \"UnicodeScripts\"",
        "\"TemplateProcessing\"|\"ByteLevel\"|key 'post_processor.type' is \"ByteLevel\", expected a post_processor",
        "{\"type\":\"Lowercase\"}|7|key 'normalizer' is 7, expected an object",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Strip\"}|key 'strip_left' in 'normalizer' is missing",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(?=a)\"},\"content\":\"\"}|key 'normalizer.pattern.Regex' is",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\w\"},\"content\":\"\"}|construct at 0 that is not supported",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"\"}|the pattern is empty",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}|key 'normalizer.precompiled_charsmap' is",
        "{\"type\":\"Lowercase\"}|{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"?\"}|key 'normalizer.precompiled_charsmap' is",
        "\"unk_token\":\"[U]\"|\"unk_token\":\"[V]\"|unk_token '[V]' is none of the 3 tokens",
        "\"a\":2|\"a\":-2|key 'model.vocab.a' is -2, expected an integer from 0 to",
        "\"a\":2|\"a\":\"2\"|key 'model.vocab.a' is \"2\"",
        "\"a\":2|\"a\":4000000000|key 'model.vocab.a' is 4000000000",
        "\"id\":\"A\"|\"id\":\"B\"|a template with sequence A once and no other",
        "\"ids\":[0]|\"ids\":[-1]|key 'post_processor.special_tokens.[X].ids[0]' is -1",
        "\"special_tokens\":{\"[X]\"|\"special_tokens\":{\"[Y]\"|expected a key of 'special_tokens'",
        "\"version\":\"1.0\"|\"version\":\"2.0\"|key 'version' is \"2.0\"",
        "\"truncation\":null|\"truncation\":{\"direction\":\"Left\"}|cutting texts at their start is not supported",
        "\"lstrip\":false|\"lstrip\":0|key 'added_tokens[0].lstrip' is 0, expected true or false",
        "\"added_tokens\":[|\"added\":[|key 'added_tokens' is missing"
      })
  void whatIsWrongIsNamed(String found, String replacement, String message) {
    assertTrue(WHOLE.contains(found), found);
    CheckpointException e =
        assertThrows(
            CheckpointException.class, () -> load(WHOLE.replace(found, replacement)), replacement);
    assertContains("tokenizer.json: ", e);
    assertContains(message, e);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[\"a\"]]|0|key 'model.vocab[0]' is a list, expected a token and its score",
        "[[\"a\",\"b\"]]|0|key 'model.vocab[0][1]' is \"b\", expected a number",
        "[[\"a\",1e999]]|0|key 'model.vocab[0][1]' is 1e999",
        "[[\"a\",-1]]|1|unk_id is 1, expected an index of the 1 tokens",
        "[[\"a\",-1]]|null|a unigram model without an unknown token is not supported",
        "[]|0|unk_id is 0, expected an index of the 0 tokens"
      })
  void wrongUnigramModels(String vocab, String unknown, String message) {
    String json =
        "{\"added_tokens\":[],\"model\":{\"type\":\"Unigram\",\"unk_id\":%s,\"vocab\":%s}}"
            .formatted(unknown, vocab);
    assertContains(message, assertThrows(CheckpointException.class, () -> load(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"tokenizer_class\":\"RobertaTokenizer\"|\"RobertaTokenizer\", expected one of",
        "\"tokenizer_class\":\"RobertaTokenizerFast\"|byte-level BPE is not supported",
        "\"tokenizer_class\":\"LukeTokenizer\"|byte-level BPE is not supported",
        "\"tokenizer_class\":\"T5Tokenizer\"|others are not supported",
        "\"tokenizer_class\":\"PreTrainedTokenizerFast\"|tokenizer.json: is missing",
        "\"tokenizer_class\":\"XLMRobertaTokenizer\"|sentencepiece.bpe.model: is missing",
        "\"tokenizer_class\":\"CamembertTokenizerFast\"|sentencepiece.bpe.model: is missing",
        "\"tokenizer_class\":\"MLukeTokenizer\"|sentencepiece.bpe.model: is missing",
        "\"tokenizer_class\":\"MLukeTokenizer\",\"sp_model_kwargs\":{\"enable_sampling\":false}|sentencepiece.bpe.model: is missing",
        "\"tokenizer_class\":\"MLukeTokenizer\",\"sp_model_kwargs\":{\"enable_sampling\":true}|nothing but enable_sampling false, not 'enable_sampling'",
        "\"tokenizer_class\":\"MLukeTokenizer\",\"sp_model_kwargs\":{\"nbest_size\":1}|not 'nbest_size'",
        "\"tokenizer_class\":\"MLukeTokenizer\",\"task\":\"entity_typing\"|tasks over entities are not supported",
        "\"tokenizer_class\":\"MLukeTokenizer\",\"eos_token\":\"<e>\"|others are not supported",
        "\"do_lower_case\":true|vocab.txt: is missing",
        "\"truncation_side\":\"left\"|cutting texts at their start is not supported",
        "\"added_tokens_decoder\":{\"x\":{\"content\":\"a\"}}|ids as keys, not 'x'",
        "\"added_tokens_decoder\":{\"1\":\"a\"}|an object with 'content'",
        "\"mask_token\":7|a string or an object with 'content'",
        "\"fast_tokenizer_files\":[\"tokenizer.4.0.0.json\"]|files for other versions are not supported"
      })
  void directoriesThatCannotBeRead(String config, String message) {
    assertContains(
        message, assertThrows(CheckpointException.class, () -> load("", "{" + config + "}")));
  }

  @ParameterizedTest
  @CsvSource({"MLukeTokenizer", "XLMRobertaTokenizer"})
  void damagedSentencePieceModelsAreNamedOnce(String tokenizerClass) throws IOException {
    Path dir = Files.createTempDirectory(folder, "case");
    Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"bert\"}");
    Files.writeString(
        dir.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\":\"%s\"}".formatted(tokenizerClass));
    Files.writeString(dir.resolve("sentencepiece.bpe.model"), "hello");
    CheckpointException e = assertThrows(CheckpointException.class, () -> load(dir));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("sentencepiece.bpe.model: field 13 "), message);
  }

  @Test
  void bertNeedsNormalizer() {
    String json = WHOLE.replace("{\"type\":\"Lowercase\"}", "null");
    assertContains(
        "BertTokenizerFast needs", assertThrows(CheckpointException.class, () -> load(json, "{}")));
  }

  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      char[] damaged = WHOLE.toCharArray();
      damaged[random.nextInt(damaged.length)] = "0{}[],:\"x".charAt(random.nextInt(9));
      try {
        load(new String(damaged)).encode("ab [X]", Tokenizer.NO_LIMIT);
      } catch (CheckpointException e) {
        refused++;
        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), "seed " + seed);
      }
    }
    assertTrue(refused > 100, refused + " refused, seed " + seed);
  }
}
