package io.github.bunvec.tokenizer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tokenizes a file for tools/golden/sentencepiece_compare.py, which says how to run it.
 *
 * <p>Arguments: model, input, output. The input's first line holds the options, each further line a
 * text, all as JSON.
 */
final class SentencePieceTokenizerDump {

  private SentencePieceTokenizerDump() {}

  public static void main(String[] arguments) throws IOException {
    SentencePieceModel model = SentencePieceModel.read(Path.of(arguments[0]));
    try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[1]));
        BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
      JsonObject options = JsonParser.parseString(in.readLine()).getAsJsonObject();
      int maxLength =
          options.has("max_length") ? options.get("max_length").getAsInt() : Tokenizer.NO_LIMIT;
      Vocabulary vocabulary =
          options.has("vocab_file")
              ? Vocabulary.read(Path.of(options.get("vocab_file").getAsString()))
              : Vocabulary.of(List.of());
      Tokenizer tokenizer = SentencePieceCases.tokenizer(options, model, vocabulary);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String text = JsonParser.parseString(line).getAsString();
        out.write(GoldenCase.result(tokenizer, options, text, maxLength).toJson());
        out.newLine();
      }
    }
  }
}
