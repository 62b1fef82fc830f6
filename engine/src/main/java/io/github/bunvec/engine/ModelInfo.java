package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded, for people and logs.
 *
 * @param source the directory or the name of the bundled model
 * @param profile whose habits texts are prepared by
 * @param profileReason why that profile
 * @param backend the backend in words: kind, vector width, threads
 * @param backendReason why that backend
 * @param weightType how weights are kept
 * @param threads how many threads may compute at once
 * @param layers layers of the encoder
 * @param hiddenSize its width
 * @param vocabularySize how many token ids there are
 * @param dictionary which MeCab dictionary cuts words, where it is and why it; null where the
 *     tokenizer uses none
 * @param maxLength the greatest number of tokens of a text, special tokens included
 * @param truncation what happens to longer texts
 * @param pooling how rows become a vector
 * @param normalize whether vectors have length 1
 * @param similarity the similarity function the model names
 * @param dimension the length of a vector
 * @param memoryBytes what weights and workspaces take by now
 */
public record ModelInfo(
    String source,
    Profile profile,
    String profileReason,
    String backend,
    String backendReason,
    WeightType weightType,
    int threads,
    int layers,
    int hiddenSize,
    int vocabularySize,
    @Nullable String dictionary,
    int maxLength,
    TruncationPolicy truncation,
    List<PoolingMode> pooling,
    boolean normalize,
    Similarity similarity,
    int dimension,
    long memoryBytes) {}
