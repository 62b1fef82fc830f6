package io.github.bunvec.engine.tokenization;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tokenizes a file for tools/golden/auto_tokenizer_compare.py, which says how to run it.
 *
 * <p>Arguments: model directory, input, output. The input holds a text a line, as JSON; with a
 * fourth argument the texts are encoded so many times and the speed is printed.
 */
final class TokenizersDump {

  private TokenizersDump() {}

  public static void main(String[] arguments) throws IOException {
    long start = System.nanoTime();
    Tokenizer tokenizer;
    try (ModelDirectory directory = ModelDirectory.open(Path.of(arguments[0]))) {
      tokenizer =
          Tokenizers.of(
              directory, new Dictionaries(InstalledDictionaries.of(System.getenv()), null, null));
    }
    System.out.printf("loaded in %d ms%n", (System.nanoTime() - start) / 1_000_000);
    List<String> texts = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[1]));
        BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        texts.add(JsonNode.parse("text", line.getBytes(StandardCharsets.UTF_8)).string());
        out.write(Arrays.toString(tokenizer.encode(texts.getLast(), Tokenizer.NO_LIMIT).ids()));
        out.newLine();
      }
    }
    int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
    for (int round = 0; round < rounds; round++) {
      long before = System.nanoTime();
      long ids = 0;
      for (String text : texts) {
        ids += tokenizer.encode(text, Tokenizer.NO_LIMIT).ids().length;
      }
      double seconds = (System.nanoTime() - before) / 1e9;
      System.out.printf("%.0f texts/s, %d ids%n", texts.size() / seconds, ids);
    }
  }
}
