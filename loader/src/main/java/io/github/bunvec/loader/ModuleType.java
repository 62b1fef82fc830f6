package io.github.bunvec.loader;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The modules of sentence-transformers that are known here. */
public enum ModuleType {
  /** The encoder. */
  TRANSFORMER("Transformer"),
  /** Token vectors to one vector. */
  POOLING("Pooling"),
  /** Division by the Euclidean length. */
  NORMALIZE("Normalize"),
  /** A linear layer with an activation. */
  DENSE("Dense"),
  /** Layer normalisation. */
  LAYER_NORM("LayerNorm"),
  /** A weighted mean over the encoder's layers. */
  WEIGHTED_LAYER_POOLING("WeightedLayerPooling"),
  /** Nothing, outside of training. */
  DROPOUT("Dropout");

  private static final String PACKAGE = "sentence_transformers.";

  private final String className;

  ModuleType(String className) {
    this.className = className;
  }

  /**
   * Returns the Python class.
   *
   * @return its simple name
   */
  public String className() {
    return className;
  }

  /**
   * Returns the type that a dotted Python name means: the library moved its classes often, so the
   * last component decides; a class of the same name from elsewhere is another class.
   */
  static @Nullable ModuleType named(String pythonName) {
    String simpleName = pythonName.substring(pythonName.lastIndexOf('.') + 1);
    for (ModuleType type : values()) {
      if (type.className.equals(simpleName) && pythonName.startsWith(PACKAGE)) {
        return type;
      }
    }
    return null;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(ModuleType::className).toList();
  }
}
