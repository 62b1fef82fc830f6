package io.github.bunvec.engine.modules;

import io.github.bunvec.engine.spi.Activation;

/** What the classes of torch.nn compute that a Dense module may name. */
final class DenseActivations {

  private DenseActivations() {}

  static Activation named(String torchClass) {
    return switch (torchClass) {
      case "Identity" -> Activation.NONE;
      case "ReLU" -> Activation.RELU;
      case "ReLU6" -> Activation.RELU6;
      case "LeakyReLU" -> Activation.LEAKY_RELU;
      case "RReLU" -> Activation.RRELU;
      case "ELU", "CELU" -> Activation.ELU;
      case "SELU" -> Activation.SELU;
      case "GELU" -> Activation.GELU;
      case "SiLU" -> Activation.SILU;
      case "Mish" -> Activation.MISH;
      case "Sigmoid" -> Activation.SIGMOID;
      case "LogSigmoid" -> Activation.LOG_SIGMOID;
      case "Tanh" -> Activation.TANH;
      case "Tanhshrink" -> Activation.TANHSHRINK;
      case "Softplus" -> Activation.SOFTPLUS;
      case "Softsign" -> Activation.SOFTSIGN;
      case "Softshrink" -> Activation.SOFTSHRINK;
      case "Hardshrink" -> Activation.HARDSHRINK;
      case "Hardtanh" -> Activation.HARDTANH;
      case "Hardsigmoid" -> Activation.HARDSIGMOID;
      case "Hardswish" -> Activation.HARDSWISH;
      default -> throw new IllegalArgumentException("no activation " + torchClass);
    };
  }
}
