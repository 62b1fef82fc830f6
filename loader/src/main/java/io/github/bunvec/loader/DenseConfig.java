package io.github.bunvec.loader;

import java.util.List;

/**
 * The configuration of a Dense module: {@code activation(W x + b)}, plus {@code x} or {@code R x}
 * where there is a residual connection.
 *
 * @param inFeatures {@code in_features}, width of x
 * @param outFeatures {@code out_features}
 * @param bias whether there is a b
 * @param activation simple name of the class in {@code torch.nn}, one of {@link #ACTIVATIONS}
 * @param residual {@code use_residual}: R is there where the two widths differ
 */
public record DenseConfig(
    int inFeatures, int outFeatures, boolean bias, String activation, boolean residual)
    implements ModuleConfig {

  /**
   * The accepted classes of {@code activation_function}: those of torch.nn that work on each
   * element for itself, need no argument and have no weights.
   */
  public static final List<String> ACTIVATIONS =
      List.of(
          "Identity",
          "ReLU",
          "ReLU6",
          "LeakyReLU",
          "RReLU",
          "ELU",
          "CELU",
          "SELU",
          "GELU",
          "SiLU",
          "Mish",
          "Sigmoid",
          "LogSigmoid",
          "Tanh",
          "Tanhshrink",
          "Softplus",
          "Softsign",
          "Softshrink",
          "Hardshrink",
          "Hardtanh",
          "Hardsigmoid",
          "Hardswish");

  static DenseConfig from(JsonNode json) {
    ModuleKeys.requireSentenceEmbedding(json);
    return new DenseConfig(
        json.required("in_features").integer(1, 1 << 20),
        json.required("out_features").integer(1, 1 << 20),
        json.bool("bias", true),
        activation(json),
        json.bool("use_residual", false));
  }

  /** Only classes of torch are trusted, as since sentence-transformers 5.4; absent means Tanh. */
  private static String activation(JsonNode json) {
    JsonNode path = json.member("activation_function");
    if (path == null) {
      return "Tanh";
    }
    String text = path.string();
    String name = text.substring(text.lastIndexOf('.') + 1);
    boolean known = text.equals("torch.nn." + name) || text.startsWith("torch.nn.modules.");
    if (!known || !ACTIVATIONS.contains(name)) {
      throw path.wrong("a class of torch.nn among " + ACTIVATIONS + "; others are not supported");
    }
    return name;
  }
}
