package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model was built with, defaults resolved. */
record ModelSettings(
    String source,
    BertConfig config,
    Profile profile,
    String profileReason,
    String backendReason,
    WeightType weightType,
    @Nullable String dictionary,
    int maxLength,
    TruncationPolicy truncation,
    List<PoolingMode> pooling,
    boolean normalize,
    Similarity similarity) {

  int dimension() {
    return config.hiddenSize() * pooling.size();
  }

  ModelInfo info(Backend backend, Tokenizer tokenizer) {
    return new ModelInfo(
        source,
        profile,
        profileReason,
        backend.description(),
        backendReason,
        weightType,
        backend.threads(),
        config.layers(),
        config.hiddenSize(),
        tokenizer.vocabularySize(),
        dictionary,
        maxLength,
        truncation,
        pooling,
        normalize,
        similarity,
        dimension(),
        backend.memoryBytes());
  }
}
