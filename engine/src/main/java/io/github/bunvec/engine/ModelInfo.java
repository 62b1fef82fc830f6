package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded, for people and logs.
 *
 * @param source the directory or the name of the bundled model
 * @param profile whose habits texts are prepared by
 * @param profileReason why that profile
 * @param backend the backend in words: kind, vector width, threads
 * @param backendReason why that backend
 * @param weights the file the encoder's weights come from, relative to the directory
 * @param weightType how weights are kept
 * @param arithmetic what linear layers are multiplied in: FP32, TF32 or BF16
 * @param threads how many threads may compute at once
 * @param warm whether the backend has come to its speed, a second or so after loading
 * @param architecture {@code model_type} of config.json, or what stands for it
 * @param layers layers of the encoder
 * @param hiddenSize its width
 * @param intermediateSize width between the two linear layers of its feed-forward part
 * @param vocabularySize how many token ids there are
 * @param tokenizer the tokenizer's class in transformers, as the directory names it
 * @param dictionary which MeCab dictionary cuts words, where it is and why it; null where the
 *     tokenizer uses none
 * @param maxLength the greatest number of tokens of a text, special tokens included
 * @param truncation what happens to longer texts
 * @param modules the modules behind the encoder, in order
 * @param pooling how rows become a vector
 * @param normalize whether vectors have length 1
 * @param similarity the similarity function the model names
 * @param prompts the model's prompts by name
 * @param prompt what is put in front of a text unless a call says otherwise; empty for nothing
 * @param promptReason where that comes from
 * @param dimension the length of a vector
 * @param memoryBytes what weights and workspaces take by now
 */
public record ModelInfo(
    String source,
    Profile profile,
    String profileReason,
    String backend,
    String backendReason,
    String weights,
    WeightType weightType,
    Arithmetic arithmetic,
    int threads,
    boolean warm,
    String architecture,
    int layers,
    int hiddenSize,
    int intermediateSize,
    int vocabularySize,
    String tokenizer,
    @Nullable String dictionary,
    int maxLength,
    TruncationPolicy truncation,
    List<String> modules,
    List<PoolingMode> pooling,
    boolean normalize,
    Similarity similarity,
    Map<String, String> prompts,
    String prompt,
    String promptReason,
    int dimension,
    long memoryBytes) {}
