package io.github.bunvec.engine;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.ConfiguredModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user asked for, as {@link EmbeddingModelBuilder} has it; null follows the directory. */
record ModelOptions(
    @Nullable WeightType weightType,
    Arithmetic arithmetic,
    int threads,
    @Nullable Integer maxLength,
    TruncationPolicy truncation,
    @Nullable Boolean normalize,
    @Nullable Integer truncateDim,
    @Nullable Profile profile,
    @Nullable String prompt,
    @Nullable String promptName,
    Dictionaries dictionaries,
    @Nullable List<ConfiguredModule> modules) {}
