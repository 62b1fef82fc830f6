package io.github.bunvec.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The special tokens of a BERT model.
 *
 * @param unknown stands for what the vocabulary does not have
 * @param separator ends a text
 * @param padding fills a batch
 * @param classifier begins a text
 * @param mask hides a token in training
 * @param additional further special tokens
 */
public record SpecialTokens(
    AddedToken unknown,
    AddedToken separator,
    AddedToken padding,
    AddedToken classifier,
    AddedToken mask,
    List<AddedToken> additional) {

  /** BERT's own: [UNK], [SEP], [PAD], [CLS] and [MASK]. */
  public static final SpecialTokens BERT =
      new SpecialTokens(
          AddedToken.special("[UNK]"),
          AddedToken.special("[SEP]"),
          AddedToken.special("[PAD]"),
          AddedToken.special("[CLS]"),
          AddedToken.special("[MASK]"),
          List.of());

  /** Copies the list. */
  public SpecialTokens {
    additional = List.copyOf(additional);
  }

  /** Returns all of them, each content once, in the order transformers adds them. */
  List<AddedToken> all() {
    List<AddedToken> tokens =
        new ArrayList<>(List.of(unknown, separator, padding, classifier, mask));
    tokens.addAll(additional);
    Map<String, AddedToken> distinct = new LinkedHashMap<>();
    tokens.forEach(token -> distinct.putIfAbsent(token.content(), token));
    return List.copyOf(distinct.values());
  }
}
