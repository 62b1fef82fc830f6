package io.github.bunvec.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** One run of the command line with its streams in memory. */
record Run(int exitCode, byte[] out, String err) {

  static Run of(String... arguments) {
    return withInput(new byte[0], arguments);
  }

  static Run withInput(String input, String... arguments) {
    return withInput(input.getBytes(StandardCharsets.UTF_8), arguments);
  }

  static Run withInput(byte[] input, String... arguments) {
    return onTerminal(false, input, arguments);
  }

  static Run onTerminal(boolean terminal, byte[] input, String... arguments) {
    return with(terminal, input, console -> BunvecCommand.execute(console, arguments));
  }

  /** Runs {@code bunvec dictionary} in an environment of its own. */
  static Run dictionary(
      Map<String, String> environment, DictionaryPackage dictionary, String... arguments) {
    return with(
        false,
        new byte[0],
        console ->
            BunvecCommand.execute(
                console,
                () -> DictionaryCommand.line(console, environment, dictionary),
                arguments));
  }

  private static Run with(boolean terminal, byte[] input, ToIntFunction<Console> command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            terminal,
            false);
    int exitCode = command.applyAsInt(console);
    return new Run(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  String text() {
    return new String(out, StandardCharsets.UTF_8);
  }

  /** The rows: what "\n" ends and nothing else. */
  List<String> lines() {
    String text = text();
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  List<JsonObject> objects() {
    return lines().stream().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  List<String> errorLines() {
    return err.lines().toList();
  }
}
