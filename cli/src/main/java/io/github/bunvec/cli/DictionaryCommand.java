package io.github.bunvec.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bunvec dictionary}: the commands under it. */
@Command(
    name = "dictionary",
    description = "Installs and lists the MeCab dictionaries that models name.")
final class DictionaryCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  private DictionaryCommand() {}

  /** Returns the command with those under it. */
  static CommandLine line(Console console, Map<String, String> environment) {
    return line(console, environment, DictionaryPackage.UNIDIC_LITE);
  }

  static CommandLine line(
      Console console, Map<String, String> environment, DictionaryPackage dictionary) {
    return new CommandLine(new DictionaryCommand())
        .addSubcommand(new DictionaryInstallCommand(console, environment, dictionary))
        .addSubcommand(new DictionaryListCommand(console, environment));
  }

  @Override
  public void run() {
    CommandSpec known = spec;
    if (known != null) {
      throw new ParameterException(
          known.commandLine(),
          "no command given, expected one of " + String.join(", ", known.subcommands().keySet()));
    }
  }
}
