package io.github.bunvec.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a directory's text becomes ids: {@code tokenizer_config.json}, {@code
 * special_tokens_map.json} and {@code added_tokens.json} together, by the precedence of
 * transformers 4.57 and with the defaults of the tokenizer's class.
 *
 * <p>Of a fast tokenizer, whose own files have the last word, {@code addedTokens} is empty and the
 * special tokens are the class's defaults.
 *
 * @param tokenizerClass of tokenizer_config.json, else of config.json, else that of the model type;
 *     one that is supported
 * @param doLowerCase {@code do_lower_case}; default true, false for BertJapaneseTokenizer
 * @param doWordTokenize {@code do_word_tokenize}, default true
 * @param doSubwordTokenize {@code do_subword_tokenize}, default true
 * @param wordTokenizerType {@code basic} (default), {@code mecab}, {@code sudachi} or {@code
 *     jumanpp}
 * @param subwordTokenizerType {@code wordpiece} (default), {@code character} or {@code
 *     sentencepiece}
 * @param neverSplit {@code never_split}, or null
 * @param mecabDic {@code mecab_kwargs.mecab_dic}, or null where it is null or absent
 * @param mecabOption {@code mecab_kwargs.mecab_option}, or null
 * @param normalizeText {@code mecab_kwargs.normalize_text}, default true: NFKC before MeCab
 * @param modelMaxLength {@code model_max_length} in tokens with specials, or null where absent or
 *     too large to mean anything (transformers writes 1e30 for none)
 * @param splitSpecialTokens {@code split_special_tokens}: special tokens in text are plain text
 * @param unkToken {@code unk_token}
 * @param sepToken {@code sep_token}
 * @param padToken {@code pad_token}
 * @param clsToken {@code cls_token}
 * @param maskToken {@code mask_token}
 * @param addedTokens every token that is found in raw text, the special ones included: first those
 *     with an id in the files, then the rest in the order in which they take the next free ids
 */
public record TokenizerConfig(
    String tokenizerClass,
    boolean doLowerCase,
    boolean doWordTokenize,
    boolean doSubwordTokenize,
    String wordTokenizerType,
    String subwordTokenizerType,
    @Nullable List<String> neverSplit,
    @Nullable String mecabDic,
    @Nullable String mecabOption,
    boolean normalizeText,
    @Nullable Integer modelMaxLength,
    boolean splitSpecialTokens,
    String unkToken,
    String sepToken,
    String padToken,
    String clsToken,
    String maskToken,
    List<AddedToken> addedTokens) {

  /** Creates a configuration; the lists are copied. */
  public TokenizerConfig {
    neverSplit = neverSplit == null ? null : List.copyOf(neverSplit);
    addedTokens = List.copyOf(addedTokens);
  }
}
