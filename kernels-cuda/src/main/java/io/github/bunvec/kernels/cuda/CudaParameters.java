package io.github.bunvec.kernels.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * What may stand behind {@code cuda:}, separated by commas.
 *
 * @param devices numbers of GPUs, 0 alone if none is named
 * @param tokens how many tokens a stream computes at a time
 * @param tanhGelu {@code gelu=tanh}
 */
record CudaParameters(List<Integer> devices, int tokens, boolean tanhGelu) {

  /** Of BERT-base 2.8 TFLOP, milliseconds of the largest GPUs; more takes more memory. */
  private static final int TOKENS = 16_384;

  private static final int LEAST_TOKENS = 16;
  private static final int MOST_TOKENS = 1 << 20;

  private static final String EXPECTED =
      "expected numbers of GPUs, tokens=N (%d to %d, %d if not given) and gelu=tanh, separated by commas, such as cuda:0,1,tokens=8192"
          .formatted(LEAST_TOKENS, MOST_TOKENS, TOKENS);

  /**
   * Parses.
   *
   * @param text empty for what is usual
   * @throws IllegalArgumentException if a part is not understood, or there twice
   */
  static CudaParameters parse(String text) {
    List<Integer> devices = new ArrayList<>();
    int tokens = 0;
    boolean gelu = false;
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      boolean number = part.matches("\\d{1,4}");
      if (number && !devices.contains(Integer.valueOf(part))) {
        devices.add(Integer.valueOf(part));
      } else if (part.matches("tokens=\\d{1,7}") && tokens == 0) {
        tokens = tokens(part);
      } else if (part.equals("gelu=tanh") && !gelu) {
        gelu = true;
      } else {
        throw new IllegalArgumentException(
            "backend 'cuda:%s': '%s' is not known or is there twice; %s"
                .formatted(text, part, EXPECTED));
      }
    }
    return new CudaParameters(
        devices.isEmpty() ? List.of(0) : List.copyOf(devices), tokens == 0 ? TOKENS : tokens, gelu);
  }

  private static int tokens(String part) {
    int tokens = Integer.parseInt(part.substring(part.indexOf('=') + 1));
    if (tokens < LEAST_TOKENS || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException("backend 'cuda': '%s'; %s".formatted(part, EXPECTED));
    }
    return tokens;
  }

  /** Returns the largest chunk; a sequence of fewer than four tokens is a rare text. */
  Bucket limit() {
    return new Bucket(tokens, Math.ceilDiv(tokens, 4));
  }
}
