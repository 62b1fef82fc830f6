package io.github.bunvec.cli;

import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bunvec dictionary list}. */
@Command(name = "list", description = "Says which dictionaries are here, where, and why.")
final class DictionaryListCommand implements Callable<Integer> {

  private final Console console;
  private final InstalledDictionaries installed;

  DictionaryListCommand(Console console, Map<String, String> environment) {
    this.console = console;
    installed = InstalledDictionaries.of(environment);
  }

  @Override
  public Integer call() throws IOException {
    try (ResultStream out = ResultStream.standardOutput(console.out())) {
      out.line(row("ipadic", "embedded; for models that name ipadic or none"));
      out.line(row("unidic_lite", place("unidic_lite", "bunvec dictionary install unidic-lite")));
      out.line(row("unidic", place("unidic", "pip install unidic; python -m unidic download")));
    }
    return ExitCode.OK;
  }

  private static String row(String name, String place) {
    return "%-11s %s".formatted(name, Display.line(place));
  }

  private String place(String name, String remedy) {
    return installed
        .find(name)
        .map(found -> "%s (%s)".formatted(found.directory(), found.origin()))
        .orElseGet(() -> "not here: %s; looked at %s".formatted(remedy, installed.places(name)));
  }
}
