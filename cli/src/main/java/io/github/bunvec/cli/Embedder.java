package io.github.bunvec.cli;

import io.github.bunvec.engine.Embedding;
import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.TextTooLongException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Embeds texts, measures it, and hands the results on in order. */
final class Embedder {

  /**
   * One text's result.
   *
   * @param index which text it is in the whole input, from 0
   */
  record Result(long index, String text, Embedding embedding) {}

  /** Takes results. */
  interface Receiver {
    void accept(List<Result> results) throws IOException;
  }

  private final EmbeddingModel model;
  private final String prompt;
  private final RunStatistics statistics;

  /** Embeds behind the prompt in force. */
  Embedder(EmbeddingModel model, RunStatistics statistics) {
    this(model, model.info().prompt(), statistics);
  }

  Embedder(EmbeddingModel model, String prompt, RunStatistics statistics) {
    this.model = model;
    this.prompt = prompt;
    this.statistics = statistics;
  }

  /** Embeds everything a source has. */
  void all(TextSource source, ProgressBar progress, Receiver receiver) throws IOException {
    TextChunks.forEach(source, progress, (texts, first) -> embed(texts, first, source, receiver));
  }

  /** The texts before one that is too long are embedded all the same. */
  private void embed(List<String> texts, long first, TextSource source, Receiver receiver)
      throws IOException {
    try {
      deliver(texts, first, source, receiver);
    } catch (TextTooLongException e) {
      deliver(texts.subList(0, e.index()), first, source, receiver);
      throw CommandException.badInput(
          tooLong(source.where(first + e.index()), e.tokens(), e.maxLength()));
    }
  }

  static String tooLong(String where, int tokens, int limit) {
    return "%s has %d tokens, the limit is %d; shorten it or use --on-too-long truncate"
        .formatted(where, tokens, limit);
  }

  private void deliver(List<String> texts, long first, TextSource source, Receiver receiver)
      throws IOException {
    long start = System.nanoTime();
    List<Embedding> embeddings = model.encodeAll(texts, prompt);
    statistics.worked(System.nanoTime() - start);
    List<Result> results = new ArrayList<>(texts.size());
    for (int i = 0; i < embeddings.size(); i++) {
      checkFinite(embeddings.get(i).vector(), source.where(first + i));
      results.add(new Result(first + i, texts.get(i), embeddings.get(i)));
    }
    receiver.accept(results);
    for (Embedding embedding : embeddings) {
      statistics.count(embedding.tokens(), embedding.truncated());
    }
  }

  /** JSON has no word for NaN, and no reader expects it in any other format. */
  private void checkFinite(float[] vector, String where) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw CommandException.badInput(
            "%s: the vector has the value %s; the weights of %s are damaged"
                .formatted(where, value, model.info().source()));
      }
    }
  }
}
