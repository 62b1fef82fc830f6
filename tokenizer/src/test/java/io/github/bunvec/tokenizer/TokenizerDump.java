package io.github.bunvec.tokenizer;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.ipadic.Ipadic;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Tokenizes a file for tools/golden/tokenizer_compare.py, which says how to run it.
 *
 * <p>Arguments: vocabulary, dictionary directory or "ipadic" for the embedded one, input, output
 * and, if there are any, user dictionaries separated by commas. The input's first line holds the
 * options, each further line a text, all as JSON.
 */
final class TokenizerDump {

  private TokenizerDump() {}

  public static void main(String[] arguments) throws IOException {
    Vocabulary vocabulary = Vocabulary.read(Path.of(arguments[0]));
    Dictionary dictionary =
        arguments[1].equals("ipadic")
            ? Ipadic.dictionary()
            : Dictionary.open(Path.of(arguments[1]));
    if (arguments.length > 4) {
      List<Path> users = Arrays.stream(arguments[4].split(",")).map(Path::of).toList();
      dictionary = dictionary.withUserDictionaries(users);
    }
    try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[2]));
        BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[3]))) {
      JsonObject options = JsonParser.parseString(in.readLine()).getAsJsonObject();
      int maxLength =
          options.has("max_length") ? options.get("max_length").getAsInt() : Tokenizer.NO_LIMIT;
      BertJapaneseTokenizer tokenizer = GoldenCase.tokenizer(options, vocabulary, dictionary);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String text = JsonParser.parseString(line).getAsString();
        out.write(GoldenCase.result(tokenizer, options, text, maxLength).toJson());
        out.newLine();
      }
    }
  }
}
