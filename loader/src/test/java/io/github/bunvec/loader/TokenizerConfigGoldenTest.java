package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Directories of tokenizer files as transformers loads them (tools/golden). */
class TokenizerConfigGoldenTest {

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> configurationIsThatOfTransformers() throws IOException {
    JsonObject golden;
    try (var in =
        TokenizerConfigGoldenTest.class.getResourceAsStream("tokenizer_config_golden.json")) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      golden = JsonParser.parseString(json).getAsJsonObject();
    }
    List<String> vocab =
        golden.getAsJsonArray("vocab").asList().stream().map(JsonElement::getAsString).toList();
    List<JsonElement> cases = golden.getAsJsonArray("cases").asList();
    assertTrue(cases.size() > 30);
    return cases.stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            row -> DynamicTest.dynamicTest(row.get("name").getAsString(), () -> check(row, vocab)));
  }

  private void check(JsonObject row, List<String> vocab) throws IOException {
    Path dir = Files.createTempDirectory(folder, "case");
    for (var file : row.getAsJsonObject("files").entrySet()) {
      Files.writeString(dir.resolve(file.getKey()), file.getValue().toString());
    }
    JsonObject expected = row.getAsJsonObject("expected");
    try (var model = ModelDirectory.open(dir)) {
      JsonObject found = observed(model.tokenizer(), vocab);
      for (String key : expected.keySet()) {
        assertEquals(expected.get(key), found.get(key), key);
      }
    }
  }

  private static JsonObject observed(TokenizerConfig config, List<String> vocab) {
    JsonObject row = new JsonObject();
    row.addProperty("tokenizer_class", config.tokenizerClass().replace("Fast", ""));
    row.addProperty("model_max_length", config.modelMaxLength());
    row.addProperty("split_special_tokens", config.splitSpecialTokens());
    row.addProperty("do_lower_case", config.doLowerCase());
    row.addProperty("unk_token", config.unkToken());
    row.addProperty("sep_token", config.sepToken());
    row.addProperty("pad_token", config.padToken());
    row.addProperty("cls_token", config.clsToken());
    row.addProperty("mask_token", config.maskToken());
    row.addProperty("do_word_tokenize", config.doWordTokenize());
    row.addProperty("do_subword_tokenize", config.doSubwordTokenize());
    row.addProperty("word_tokenizer_type", config.wordTokenizerType());
    row.addProperty("subword_tokenizer_type", config.subwordTokenizerType());
    List<String> neverSplit = config.neverSplit();
    row.add("never_split", neverSplit == null ? JsonNull.INSTANCE : strings(neverSplit));
    row.add("mecab_kwargs", mecab(config));
    row.add("added_tokens", addedTokens(config, vocab));
    return row;
  }

  /** Ids are given as the tokenizer will give them: the files', the vocabulary's, the next free. */
  private static JsonObject addedTokens(TokenizerConfig config, List<String> vocab) {
    TreeMap<Integer, JsonObject> byId = new TreeMap<>();
    long known = config.addedTokens().stream().filter(t -> t.id() != null).count();
    long inVocab =
        config.addedTokens().stream()
            .filter(t -> t.id() != null && vocab.contains(t.content()))
            .count();
    int next = vocab.size() + (int) (known - inVocab);
    for (AddedToken token : config.addedTokens()) {
      Integer id = token.id();
      if (id == null) {
        id = vocab.contains(token.content()) ? vocab.indexOf(token.content()) : next++;
      }
      JsonObject flags = new JsonObject();
      flags.addProperty("content", token.content());
      flags.addProperty("lstrip", token.lstrip());
      flags.addProperty("rstrip", token.rstrip());
      flags.addProperty("single_word", token.singleWord());
      flags.addProperty("normalized", token.normalized());
      flags.addProperty("special", token.special());
      byId.put(id, flags);
    }
    JsonObject tokens = new JsonObject();
    byId.forEach((id, flags) -> tokens.add(String.valueOf(id), flags));
    return tokens;
  }

  private static JsonElement mecab(TokenizerConfig config) {
    if (config.mecabDic() == null && config.mecabOption() == null && config.normalizeText()) {
      return JsonNull.INSTANCE;
    }
    JsonObject mecab = new JsonObject();
    mecab.addProperty("mecab_dic", config.mecabDic());
    if (config.mecabOption() != null) {
      mecab.addProperty("mecab_option", config.mecabOption());
    }
    if (!config.normalizeText()) {
      mecab.addProperty("normalize_text", false);
    }
    return mecab;
  }

  private static JsonArray strings(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(text -> array.add(new JsonPrimitive(text)));
    return array;
  }
}
