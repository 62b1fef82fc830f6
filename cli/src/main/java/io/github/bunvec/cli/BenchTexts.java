package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The texts that {@code bench} embeds: our own sentences, and what can be joined of them. */
final class BenchTexts {

  /** One text in so many is a paragraph. */
  private static final int PARAGRAPH_EVERY = 15;

  /** The longest paragraph has some 900 characters. */
  private static final int MAX_SENTENCES = 42;

  private final List<String> sentences;

  private BenchTexts(List<String> sentences) {
    this.sentences = sentences;
  }

  static BenchTexts read() throws IOException {
    try (InputStream in = BenchTexts.class.getResourceAsStream("sample-texts.txt")) {
      if (in == null) {
        throw new IllegalStateException("the resource sample-texts.txt is missing");
      }
      return new BenchTexts(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  /** Returns sentences in a mixed order, now and then a paragraph of them; always the same. */
  List<String> mixed(int count) {
    SplittableRandom random = new SplittableRandom(5);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int joined = i % PARAGRAPH_EVERY == 0 ? 4 + random.nextInt(MAX_SENTENCES - 4) : 1;
      texts.add(text(random, joined));
    }
    return texts;
  }

  private String text(SplittableRandom random, int joined) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < joined; i++) {
      text.append(sentences.get(random.nextInt(sentences.size())));
    }
    return text.toString();
  }

  /**
   * Returns texts with a number of tokens each, or as near below as this tokenizer cuts them.
   *
   * @param tokens special tokens and the prompt in force included
   */
  List<String> ofLength(EmbeddingModel model, int tokens, int count) {
    SplittableRandom random = new SplittableRandom(tokens);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String all = text(random, tokens);
      int from = 0;
      int to = all.length();
      // The longest beginning with at most so many tokens; a token more or less where one is cut.
      while (from < to) {
        int middle = (from + to + 1) / 2;
        if (tokens(model, all.substring(0, middle)) <= tokens) {
          from = middle;
        } else {
          to = middle - 1;
        }
      }
      texts.add(all.substring(0, from));
    }
    return texts;
  }

  static int tokens(EmbeddingModel model, String text) {
    return model.tokenizer().encode(model.prepare(text), Tokenizer.NO_LIMIT).ids().length;
  }
}
