package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory with one configuration file changed: refused in one line, or read. */
class ModelDirectoryFuzzTest {

  private static final int CHANGES = 3000;

  private static final String[] FRAGMENTS = {
    "{", "}", "[", "]", ",", ":", "\"", "0", "-1", "1.5", "1e999999999", "99999999999999999999",
    "null", "true", "false", "\"\"", "{}", "[]", "\"a\":1,", "\\u0000", "\\ud800", "NaN", "../",
        "$",
    "\\n", "\n", "\uFEFF", "\u0007", "[[[[[[[[[[", "sentence_transformers.", "##"
  };

  private static final Map<String, String> FILES =
      Map.of(
          "config.json",
          """
          {"model_type": "bert", "hidden_size": 8, "num_attention_heads": 2, "vocab_size": 5,
           "layer_norm_eps": 1e-12, "pad_token_id": 0, "hidden_act": "gelu", "torch_dtype": null}
          """,
          "tokenizer_config.json",
          """
          {"tokenizer_class": "BertJapaneseTokenizer", "do_lower_case": false, "never_split": ["a"],
           "mecab_kwargs": {"mecab_dic": null}, "model_max_length": 512, "added_tokens_decoder":
           {"0": {"content": "[PAD]", "special": true}}, "mask_token": {"content": "[MASK]"}}
          """,
          "special_tokens_map.json",
          "{\"unk_token\": \"[UNK]\", \"additional_special_tokens\": [\"x\", {\"content\": \"y\"}]}",
          "added_tokens.json",
          "{\"new\": 5, \"newer\": 6}",
          "modules.json",
          """
          [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
           {"idx": 1, "name": "1", "path": "p", "type": "sentence_transformers.models.Pooling"}]
          """,
          "p/config.json",
          "{\"word_embedding_dimension\": 8, \"pooling_mode_mean_tokens\": true}",
          "sentence_bert_config.json",
          "{\"max_seq_length\": 80, \"do_lower_case\": false}",
          "config_sentence_transformers.json",
          "{\"prompts\": {\"q\": \"q: \"}, \"default_prompt_name\": \"q\", \"truncate_dim\": 4}");

  @TempDir private Path folder;
  private int accepted;
  private int refused;

  @Test
  void changedFilesAreReadOrRefused() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Files.createDirectories(folder.resolve("p"));
    for (var file : FILES.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    List<String> names = FILES.keySet().stream().sorted().toList();
    for (int i = 0; i < CHANGES; i++) {
      String name = names.get(random.nextInt(names.size()));
      String original = FILES.getOrDefault(name, "");
      String changed = change(original, random);
      Files.writeString(folder.resolve(name), changed);
      try {
        open();
      } catch (RuntimeException | IOException | StackOverflowError e) {
        fail("seed " + seed + ", " + name + ": " + changed, e);
      }
      Files.writeString(folder.resolve(name), original);
    }
    String counts = "seed " + seed + ": accepted " + accepted + ", refused " + refused;
    assertTrue(accepted > CHANGES / 100 && refused > CHANGES / 4, counts);
  }

  private static String change(String text, Random random) {
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + random.nextInt(8));
    return text.substring(0, from)
        + FRAGMENTS[random.nextInt(FRAGMENTS.length)]
        + text.substring(to);
  }

  private void open() throws IOException {
    try (var model = ModelDirectory.open(folder)) {
      // What was read is consistent in itself, perhaps by a default instead of a spoilt key.
      assertEquals(0, model.config().hiddenSize() % model.config().heads());
      accepted++;
    } catch (CheckpointException e) {
      String message = String.valueOf(e.getMessage());
      if (message.lines().count() != 1 || message.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalStateException("message: " + message, e);
      }
      refused++;
    }
  }
}
