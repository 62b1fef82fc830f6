package io.github.bunvec.engine.modules;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.Checkpoint;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.DenseConfig;
import io.github.bunvec.loader.DropoutConfig;
import io.github.bunvec.loader.LayerNormConfig;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModuleType;
import io.github.bunvec.loader.NormalizeConfig;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.WeightedLayerPoolingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The modules behind the encoder, checked against each other: which run and how wide the vectors
 * are. Weights are read when a pass is made of it.
 *
 * <p>They are one Pooling, before it perhaps one WeightedLayerPooling, and after it Dense,
 * LayerNorm, Normalize and Dropout in any order and number.
 */
public final class Pipeline {

  /** Opens the weights of a module that has its own. */
  public interface Weights {
    /**
     * Opens them; the caller closes them.
     *
     * @param module a module of the pipeline
     * @return the open weights
     * @throws IOException if they cannot be read
     */
    Checkpoint open(ConfiguredModule module) throws IOException;
  }

  private final BertConfig encoder;
  private final Ending ending;
  private final List<ConfiguredModule> steps = new ArrayList<>(); // those that run, in order
  private @Nullable PoolingConfig pooling;
  private int width; // of a vector behind the modules checked so far
  private boolean unit;

  private Pipeline(BertConfig encoder, Ending ending) {
    this.encoder = encoder;
    this.ending = ending;
    this.width = encoder.hiddenSize();
  }

  /**
   * Checks modules.
   *
   * @param modules those behind the encoder
   * @param encoder what comes before
   * @param ending what is done after
   * @return the pipeline
   * @throws CheckpointException if the modules do not fit together
   */
  public static Pipeline of(List<ConfiguredModule> modules, BertConfig encoder, Ending ending) {
    Pipeline pipeline = new Pipeline(encoder, ending);
    for (ConfiguredModule module : modules) {
      pipeline.add(module);
    }
    pipeline.end();
    return pipeline;
  }

  /**
   * Returns the pipeline of a directory.
   *
   * @param directory the directory; without modules.json its vectors are the mean of the rows
   * @param ending what is done after
   * @return the pipeline
   * @throws CheckpointException if the modules do not fit together
   */
  public static Pipeline of(ModelDirectory directory, Ending ending) {
    BertConfig encoder = directory.config();
    if (directory.hasModules()) {
      return of(directory.pipeline(), encoder, ending);
    }
    return of(
        new PoolingConfig(List.of(PoolingMode.MEAN), encoder.hiddenSize(), true), encoder, ending);
  }

  /**
   * Returns the pipeline of one Pooling module.
   *
   * @param pooling the module's configuration
   * @param encoder what comes before
   * @param ending what is done after
   * @return the pipeline
   */
  public static Pipeline of(PoolingConfig pooling, BertConfig encoder, Ending ending) {
    return of(List.of(ConfiguredModule.of(1, ModuleType.POOLING, pooling)), encoder, ending);
  }

  private void add(ConfiguredModule module) {
    switch (module.config()) {
      case WeightedLayerPoolingConfig config -> addLayers(module, config);
      case PoolingConfig config -> addPooling(module, config);
      case DenseConfig config -> {
        requireVector(module);
        requireWidth(module, "in_features", config.inFeatures());
        width = config.outFeatures();
        append(module, false);
      }
      case LayerNormConfig config -> {
        requireVector(module);
        requireWidth(module, "dimension", config.dimension());
        append(module, false);
      }
      case NormalizeConfig config -> {
        requireVector(module);
        if (!Boolean.FALSE.equals(ending.normalize())) {
          append(module, true);
        }
      }
      case DropoutConfig config -> requireVector(module);
    }
  }

  private void append(ConfiguredModule module, boolean givesUnitVectors) {
    steps.add(module);
    unit = givesUnitVectors;
  }

  private void addLayers(ConfiguredModule module, WeightedLayerPoolingConfig config) {
    if (!steps.isEmpty()) {
      throw new CheckpointException(
          module.described()
              + " behind the "
              + steps.getLast().className()
              + ", expected at most one, before the Pooling");
    }
    if (config.layers() != encoder.layers()) {
      throw new CheckpointException(
          "%s: num_hidden_layers is %d, the encoder's config.json says %d"
              .formatted(module.label(), config.layers(), encoder.layers()));
    }
    requireWidth(module, "embedding dimension", config.dimension());
    append(module, false);
  }

  private void addPooling(ConfiguredModule module, PoolingConfig config) {
    if (pooling != null) {
      throw new CheckpointException(module.described() + ", a second Pooling, expected one");
    }
    if (config.dimension() != encoder.hiddenSize()) {
      throw new CheckpointException(
          "%s: embedding dimension is %d, config.json says hidden_size=%d"
              .formatted(module.label(), config.dimension(), encoder.hiddenSize()));
    }
    if (!config.includePrompt()
        && config.modes().containsAll(List.of(PoolingMode.CLS, PoolingMode.MAX))) {
      throw new CheckpointException(
          module.label()
              + ": include_prompt is false with both cls and max, which sentence-transformers fills"
              + " with -1e9; not supported");
    }
    pooling = config;
    width = config.outputDimension();
    append(module, false);
  }

  private void requireVector(ConfiguredModule module) {
    if (pooling == null) {
      throw new CheckpointException(
          module.described() + " before the Pooling, where there is no vector of the text yet");
    }
  }

  private void requireWidth(ConfiguredModule module, String key, int found) {
    if (found != width) {
      String before = steps.isEmpty() ? "Transformer" : steps.getLast().className();
      throw new CheckpointException(
          "%s: %s is %d, the %s before gives vectors of %d values"
              .formatted(module.label(), key, found, before, width));
    }
  }

  private void end() {
    if (pooling == null) {
      throw new CheckpointException(
          "modules.json: names no Pooling module, expected one that makes a vector of the rows");
    }
    if (dimension() < width) {
      unit = false;
    }
  }

  private PoolingConfig pooling() {
    PoolingConfig config = pooling;
    if (config == null) {
      throw new IllegalStateException("not checked");
    }
    return config;
  }

  /**
   * Returns how rows become a vector.
   *
   * @return at least one mode; the results of several are concatenated
   */
  public List<PoolingMode> poolingModes() {
    return pooling().modes();
  }

  /**
   * Returns whether the tokens of a prompt take part in the pooling.
   *
   * @return include_prompt of the Pooling module
   */
  public boolean includesPrompt() {
    return pooling().includePrompt();
  }

  /**
   * Returns the length of a vector.
   *
   * @return the number of values, truncated where that is asked for
   */
  public int dimension() {
    Integer limit = ending.truncateDim();
    return limit == null ? width : Math.min(limit, width);
  }

  /**
   * Returns the length of a vector before it is truncated.
   *
   * @return the number of values the modules give
   */
  public int fullDimension() {
    return width;
  }

  /**
   * Returns whether vectors have length 1.
   *
   * @return true if the last thing done is to divide by the length
   */
  public boolean givesUnitVectors() {
    return unit || Boolean.TRUE.equals(ending.normalize());
  }

  /**
   * Returns the modules that make the same vectors, but for a truncation.
   *
   * @return those that run, in order, and a Normalize if vectors are normalized at the end
   */
  public List<ConfiguredModule> modules() {
    List<ConfiguredModule> modules = new ArrayList<>(steps);
    if (normalizesAtEnd()) {
      modules.add(ConfiguredModule.of(1, ModuleType.NORMALIZE, new NormalizeConfig()));
    }
    return List.copyOf(modules);
  }

  /**
   * Returns whether vectors are normalized after they were truncated.
   *
   * @return true if so
   */
  public boolean normalizesTruncated() {
    return normalizesAtEnd() && dimension() < width;
  }

  private boolean normalizesAtEnd() {
    boolean again = unit && dimension() == width;
    return Boolean.TRUE.equals(ending.normalize()) && !again;
  }

  /**
   * Returns the names of the modules that run.
   *
   * @return the simple names of their Python classes, in order
   */
  public List<String> names() {
    return steps.stream().map(ConfiguredModule::className).toList();
  }

  /**
   * Returns whether all matrices of the modules are stored in a type.
   *
   * @param type the type
   * @param weights opens them
   * @return true if so, or if there are none
   * @throws IOException if weights cannot be read
   */
  public boolean storedAs(DType type, Weights weights) throws IOException {
    for (ConfiguredModule module : steps) {
      if (module.config() instanceof DenseConfig) {
        try (Checkpoint checkpoint = weights.open(module)) {
          if (checkpoint.tensor("linear.weight").dtype() != type) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /**
   * Reads the modules' weights onto a backend.
   *
   * @param encoder the encoder there
   * @param weights opens the weights
   * @param backend where it will run
   * @return the pass that makes one vector per sequence
   * @throws IOException if weights cannot be read
   * @throws CheckpointException if a tensor is missing, misshapen or unknown
   */
  public ForwardPass load(BertEncoder encoder, Weights weights, Backend backend)
      throws IOException {
    ModulesTail tail = new ModulesTail(this.encoder.layers(), widestRow());
    for (ConfiguredModule module : steps) {
      tail.add(module, weights, backend);
    }
    tail.end(dimension(), normalizesAtEnd());
    return encoder.pass(tail);
  }

  private int widestRow() {
    int widest = pooling().outputDimension();
    for (ConfiguredModule module : steps) {
      if (module.config() instanceof DenseConfig dense) {
        widest = Math.max(widest, dense.outFeatures());
      }
    }
    return widest;
  }
}
