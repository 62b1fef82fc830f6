package io.github.bunvec.engine;

import io.github.bunvec.engine.modules.Pipeline;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** What a model was built with, defaults resolved. */
record ModelSettings(
    String source,
    BertConfig config,
    Profile profile,
    String profileReason,
    String backendReason,
    String weights,
    WeightType weightType,
    String tokenizerClass,
    @Nullable String dictionary,
    int maxLength,
    TruncationPolicy truncation,
    Pipeline pipeline,
    Prompts prompts,
    Similarity similarity) {

  int dimension() {
    return pipeline.dimension();
  }

  ModelInfo info(Backend backend, Tokenizer tokenizer) {
    return new ModelInfo(
        source,
        profile,
        profileReason,
        backend.description(),
        backendReason,
        weights,
        weightType,
        backend.arithmetic(),
        backend.threads(),
        backend.warm(),
        config.modelType() + (config.modelTypeStated() ? "" : " (config.json has no model_type)"),
        config.layers(),
        config.hiddenSize(),
        config.intermediateSize(),
        tokenizer.vocabularySize(),
        tokenizerClass,
        dictionary,
        maxLength,
        truncation,
        pipeline.names(),
        pipeline.poolingModes(),
        pipeline.givesUnitVectors(),
        similarity,
        prompts.named(),
        prompts.inForce(),
        prompts.reason(),
        dimension(),
        backend.memoryBytes());
  }
}
