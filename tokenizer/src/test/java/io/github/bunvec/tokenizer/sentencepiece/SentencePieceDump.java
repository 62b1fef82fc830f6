package io.github.bunvec.tokenizer.sentencepiece;

import com.google.gson.Gson;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Encodes a file for tools/golden/sentencepiece_compare.py, which says how to run it.
 *
 * <p>Arguments: model, input, output. Each line of the input is a text as JSON.
 */
final class SentencePieceDump {

  private SentencePieceDump() {}

  public static void main(String[] arguments) throws IOException {
    SentencePieceModel model = SentencePieceModel.read(Path.of(arguments[0]));
    try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[1]));
        BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String text = JsonParser.parseString(line).getAsString();
        List<String> pieces = model.pieces(text);
        out.write(new Gson().toJson(Map.of("ids", model.encode(text), "pieces", pieces)));
        out.newLine();
      }
    }
  }
}
