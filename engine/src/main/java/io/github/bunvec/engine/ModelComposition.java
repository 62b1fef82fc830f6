package io.github.bunvec.engine;

import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModuleType;
import io.github.bunvec.loader.NormalizeConfig;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model put together in code, as {@code SentenceTransformer(modules=[...])} does in Python.
 *
 * {@snippet :
 * EmbeddingModel model =
 *     EmbeddingModel.builder()
 *         .transformer(Path.of("bert-base-japanese-whole-word-masking"))
 *         .pooling(PoolingMode.MEAN)
 *         .dense(Path.of("trained/2_Dense"))
 *         .normalize()
 *         .options()
 *         .maxLength(512)
 *         .build();
 * }
 *
 * <p>The Transformer comes first, then one Pooling, then the others in any order and number. Texts
 * are prepared by the profile sentence-transformers unless the options say otherwise.
 */
public final class ModelComposition {

  private final List<ConfiguredModule> modules = new ArrayList<>();
  private @Nullable Path transformer;
  private int hiddenSize;

  ModelComposition() {}

  /**
   * Names the encoder.
   *
   * @param folder a directory of transformers: config.json, tokenizer, weights; other files of
   *     sentence-transformers in it are not looked at
   * @return this
   * @throws IOException if it cannot be read
   * @throws io.github.bunvec.loader.CheckpointException if a file in it is wrong or not supported
   * @throws IllegalStateException if there is a module already
   */
  public ModelComposition transformer(Path folder) throws IOException {
    if (transformer != null || !modules.isEmpty()) {
      throw new IllegalStateException("the transformer comes first, and once");
    }
    try (ModelDirectory directory = ModelDirectory.openEncoder(folder)) {
      hiddenSize = directory.config().hiddenSize();
    }
    transformer = folder;
    return this;
  }

  /**
   * Adds a Pooling.
   *
   * @param modes how rows become a vector; the results of several are concatenated in this order
   * @return this
   * @throws IllegalArgumentException if there is none
   * @throws IllegalStateException if there is no transformer before
   */
  public ModelComposition pooling(PoolingMode... modes) {
    if (modes.length == 0) {
      throw new IllegalArgumentException("a pooling needs at least one mode");
    }
    ModuleType type = ModuleType.POOLING;
    PoolingConfig config = new PoolingConfig(List.of(modes), requireTransformer(type), true);
    modules.add(ConfiguredModule.of(modules.size() + 1, type, config));
    return this;
  }

  /**
   * Adds a Dense layer.
   *
   * @param folder as sentence-transformers saves one, for instance {@code 2_Dense}
   * @return this
   * @throws IOException if its configuration cannot be read
   * @throws io.github.bunvec.loader.CheckpointException if it is missing, wrong or not supported
   * @throws IllegalStateException if there is no transformer before
   */
  public ModelComposition dense(Path folder) throws IOException {
    return read(ModuleType.DENSE, folder);
  }

  /**
   * Adds a layer normalisation.
   *
   * @param folder as sentence-transformers saves one, for instance {@code 3_LayerNorm}
   * @return this
   * @throws IOException if its configuration cannot be read
   * @throws io.github.bunvec.loader.CheckpointException if it is missing or wrong
   * @throws IllegalStateException if there is no transformer before
   */
  public ModelComposition layerNorm(Path folder) throws IOException {
    return read(ModuleType.LAYER_NORM, folder);
  }

  /**
   * Adds the division of the vector by its length.
   *
   * @return this
   * @throws IllegalStateException if there is no transformer before
   */
  public ModelComposition normalize() {
    ModuleType type = ModuleType.NORMALIZE;
    requireTransformer(type);
    modules.add(ConfiguredModule.of(modules.size() + 1, type, new NormalizeConfig()));
    return this;
  }

  /**
   * Goes on to the options of the model.
   *
   * @return a builder with the defaults; it checks when it builds that the modules fit together
   * @throws IllegalStateException if there is no pooling
   */
  public EmbeddingModelBuilder options() {
    Path folder = transformer;
    if (folder == null || modules.stream().noneMatch(m -> m.config() instanceof PoolingConfig)) {
      throw new IllegalStateException("a model needs a transformer and a pooling");
    }
    return new EmbeddingModelBuilder(ModelSource.encoder(folder), List.copyOf(modules));
  }

  /**
   * Loads the model with the default options.
   *
   * @return the model
   * @throws IOException if a file is missing or cannot be read
   * @throws io.github.bunvec.loader.CheckpointException if a file is wrong or not supported, or the
   *     modules do not fit together
   * @throws IllegalStateException if there is no pooling
   */
  public EmbeddingModel build() throws IOException {
    return options().build();
  }

  private ModelComposition read(ModuleType type, Path folder) throws IOException {
    requireTransformer(type);
    modules.add(ConfiguredModule.read(modules.size() + 1, type, folder));
    return this;
  }

  private int requireTransformer(ModuleType type) {
    if (transformer == null) {
      throw new IllegalStateException("a " + type.className() + " before the transformer");
    }
    return hiddenSize;
  }
}
