package io.github.bunvec.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that loads a model and prints how much memory it had at most before and after. */
public final class LoadedModel {

  private LoadedModel() {}

  /** Loads the directory given. */
  public static void main(String[] arguments) throws IOException {
    // Classes and tokenizer first, so that the difference is the weights'.
    EmbeddingModel.builder(Path.of(arguments[0])).buildTokenizer();
    System.out.println("before " + peakResidentBytes());
    try (EmbeddingModel model = EmbeddingModel.load(Path.of(arguments[0]))) {
      System.out.println("after " + peakResidentBytes());
      System.out.println("weights " + model.info().memoryBytes());
    }
  }

  private static long peakResidentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }
}
