package io.github.bunvec.bench.peers;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.EmbeddingModelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** bunvec as users call it: texts go in, so tokenization is part of its time, unlike the peers'. */
final class BunvecPeer implements Peer {

  private final String name;
  private final Agreement agreement;
  private final EmbeddingModel model;

  /** Builds a model; {@code builder} has everything set. */
  BunvecPeer(String name, Agreement agreement, EmbeddingModelBuilder builder) throws IOException {
    this.name = name;
    this.agreement = agreement;
    this.model = builder.build();
  }

  /** Returns the model. */
  EmbeddingModel model() {
    return model;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean own() {
    return true;
  }

  @Override
  public Agreement agreement() {
    return agreement;
  }

  @Override
  public Task prepare(TextSet set, int[][] calls) {
    List<List<String>> texts = new ArrayList<>();
    for (int[] call : calls) {
      List<String> part = new ArrayList<>();
      for (int text : call) {
        part.add(set.texts().get(text));
      }
      texts.add(part);
    }
    return new Task() {
      private float[][] vectors = {};

      @Override
      public int calls() {
        return texts.size();
      }

      @Override
      public void run(int call) {
        vectors = model.embedAll(texts.get(call));
      }

      @Override
      public float[][] result() {
        return vectors;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    model.close();
  }
}
