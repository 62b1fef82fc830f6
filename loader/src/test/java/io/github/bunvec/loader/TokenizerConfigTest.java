package io.github.bunvec.loader;

import static io.github.bunvec.loader.JsonNodeTest.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What TokenizerConfigGoldenTest cannot show: refusals, and nulls of the seeds' files. */
class TokenizerConfigTest {

  private static final BertConfig BERT = BertConfig.from(json("{}"));

  private static TokenizerConfig config(String members) {
    byte[] utf8 = ("{" + members + "}").getBytes(StandardCharsets.UTF_8);
    return TokenizerFiles.read(BERT, JsonNode.parse("t.json", utf8), null, null);
  }

  /** Of a class whose special and added tokens are read here. */
  private static TokenizerConfig japanese(String members) {
    return config("\"tokenizer_class\": \"BertJapaneseTokenizer\", " + members);
  }

  private static void refusedOfJapanese(String message, String members) {
    refused(message, "\"tokenizer_class\": \"BertJapaneseTokenizer\", " + members);
  }

  private static void refused(String message, String members) {
    var e = assertThrows(CheckpointException.class, () -> config(members));
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("t.json: ") && found.contains(message), found);
  }

  @Test
  void dictionaryNullOrAbsentIsNull() {
    assertNull(config("\"mecab_kwargs\": null").mecabDic());
    assertNull(config("\"mecab_kwargs\": {\"mecab_dic\": null}").mecabDic());
    assertTrue(config("\"mecab_kwargs\": {}").normalizeText());
    assertEquals(
        "unidic_lite", config("\"mecab_kwargs\": {\"mecab_dic\": \"unidic_lite\"}").mecabDic());
  }

  @Test
  void theClassIsKnownByItsKeysWhereNoneIsNamed() {
    assertEquals("BertTokenizer", config("\"do_lower_case\": false").tokenizerClass());
    TokenizerConfig mecab = config("\"word_tokenizer_type\": \"mecab\"");
    assertEquals("BertJapaneseTokenizer", mecab.tokenizerClass());
    assertFalse(mecab.doLowerCase());
    assertEquals(
        "BertTokenizer",
        config("\"word_tokenizer_type\": \"mecab\", \"tokenizer_class\": \"BertTokenizer\"")
            .tokenizerClass());
  }

  @Test
  void unknownClassIsNamed() {
    refused("\"T5Tokenizer\", expected one of", "\"tokenizer_class\": \"T5Tokenizer\"");
    refused(
        "\"RobertaTokenizerFast\", expected one of",
        "\"tokenizer_class\": \"RobertaTokenizerFast\"");
    refused("byte-level BPE is not supported", "\"tokenizer_class\": \"LukeTokenizer\"");
    BertConfig sudachi = BertConfig.from(json("{\"tokenizer_class\": \"X\"}"));
    var e =
        assertThrows(
            CheckpointException.class, () -> TokenizerFiles.read(sudachi, null, null, null));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("config.json: key 'tokenizer_class' is \"X\", expected one of"));
  }

  @Test
  void specialTokensAreTheClasss() {
    assertEquals("<unk>", config("\"tokenizer_class\": \"MLukeTokenizer\"").unkToken());
    assertEquals("</s>", config("\"tokenizer_class\": \"XLMRobertaTokenizerFast\"").sepToken());
    assertEquals("[SEP]", config("\"tokenizer_class\": \"BertTokenizer\"").sepToken());
  }

  @Test
  void unknownTypesAreNamed() {
    refused("\"kytea\", expected one of [basic,", "\"word_tokenizer_type\": \"kytea\"");
    refused("\"bpe\", expected one of [wordpiece,", "\"subword_tokenizer_type\": \"bpe\"");
    refused("not 'dic'", "\"mecab_kwargs\": {\"dic\": \"ipadic\"}");
  }

  @Test
  void extraSpecialTokensAreRefused() {
    assertEquals("[UNK]", japanese("\"extra_special_tokens\": {}").unkToken());
    refusedOfJapanese("of a model's own are not", "\"extra_special_tokens\": {\"x\": \"<x>\"}");
    refusedOfJapanese("of a model's own are not", "\"extra_special_tokens\": [\"<x>\"]");
  }

  @Test
  void wrongTypes() {
    refused("'do_lower_case' is \"no\"", "\"do_lower_case\": \"no\"");
    refused("'never_split[0]' is 1", "\"never_split\": [1]");
    refused("'mecab_kwargs.mecab_dic' is 1", "\"mecab_kwargs\": {\"mecab_dic\": 1}");
    refusedOfJapanese("'unk_token' is null", "\"unk_token\": null");
    refusedOfJapanese("'cls_token' is 5, expected a string or", "\"cls_token\": 5");
    refusedOfJapanese(
        "key 'content' in 'cls_token' is missing", "\"cls_token\": {\"lstrip\": true}");
    refusedOfJapanese(
        "'additional_special_tokens' is \"x\"", "\"additional_special_tokens\": \"x\"");
    refusedOfJapanese(
        "ids as keys, not 'x'", "\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}");
    refusedOfJapanese(
        "'added_tokens_decoder.1' is \"a\"", "\"added_tokens_decoder\": {\"1\": \"a\"}");
  }

  @Test
  void maximalLength() {
    assertEquals(2147483647, config("\"model_max_length\": 2147483647").modelMaxLength());
    assertNull(config("\"model_max_length\": 2147483648").modelMaxLength());
    assertNull(config("\"model_max_length\": 1e999999").modelMaxLength());
    refused("'model_max_length' is 0", "\"model_max_length\": 0");
    refused("'model_max_length' is -1", "\"model_max_length\": -1");
    refused("'model_max_length' is 512.5", "\"model_max_length\": 512.5");
    refused("'model_max_length' is \"512\"", "\"model_max_length\": \"512\"");
  }

  @Test
  void addedTokensFileIsChecked() {
    JsonNode added =
        JsonNode.parse("added_tokens.json", "{\"x\": -1}".getBytes(StandardCharsets.UTF_8));
    var e =
        assertThrows(
            CheckpointException.class,
            () ->
                TokenizerFiles.read(
                    BERT, json("{\"tokenizer_class\": \"MLukeTokenizer\"}"), null, added));
    assertEquals(
        "added_tokens.json: key 'x' is -1, expected an integer of at least 0", e.getMessage());
  }
}
