package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bunvec}: the commands under it and what they have in common. */
@Command(
    name = "bunvec",
    description = "Turns sentences into vectors.",
    footer = {
      "",
      "Exit codes: 0 done, 1 defect of bunvec, 2 wrong command line, 3 bad input or model,",
      "            4 verify: vectors or token ids differ from the reference.",
      "Environment: BUNVEC_JAVA_OPTS (options for the JVM, e.g. -Xmx8g), BUNVEC_DEBUG=1 (stack traces),",
      "BUNVEC_DICTIONARY (directory of the dictionary for models that name unidic_lite or unidic)."
    })
final class BunvecCommand implements Runnable {

  private static final Set<String> MODEL_COMMANDS =
      Set.of("embed", "similarity", "search", "bench", "verify", "eval");

  @Spec private @Nullable CommandSpec spec;

  private BunvecCommand() {}

  /** Begins what a command that runs a model will need, while its arguments are still read. */
  static void prepare(String... arguments) {
    if (arguments.length > 0 && MODEL_COMMANDS.contains(arguments[0])) {
      EmbeddingModel.prepare();
    }
  }

  /** Runs a command line and returns its exit code; all output is flushed. */
  static int execute(Console console, String... arguments) {
    return execute(console, () -> DictionaryCommand.line(console, System.getenv()), arguments);
  }

  /** Runs a command line with another command {@code dictionary}. */
  static int execute(Console console, Supplier<CommandLine> dictionary, String... arguments) {
    PrintWriter out = new PrintWriter(console.out(), false, StandardCharsets.UTF_8);
    int exitCode = commandLine(console, dictionary, arguments).setOut(out).execute(arguments);
    out.flush();
    try {
      console.out().flush();
    } catch (IOException e) {
      return Failures.report(e, console);
    }
    return exitCode;
  }

  private static CommandLine commandLine(
      Console console, Supplier<CommandLine> dictionary, String... arguments) {
    CommandLine line = new CommandLine(new BunvecCommand());
    Map<String, Supplier<Object>> commands = commands(console, dictionary);
    Supplier<Object> named = arguments.length == 0 ? null : commands.get(arguments[0]);
    if (named != null) {
      // picocli reads annotations by reflection: all commands take longer than some texts do.
      line.addSubcommand(named.get());
    } else {
      commands.values().forEach(command -> line.addSubcommand(command.get()));
    }
    addHelp(line);
    line.addSubcommand(new CommandLine.HelpCommand());
    line.registerConverter(Profile.class, BunvecCommand::profile);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // A text may be anything, also "@home".
    line.setExpandAtFiles(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((failure, _) -> reportUsage(failure, console));
    line.setExecutionExceptionHandler((failure, _, _) -> Failures.report(failure, console));
    return line;
  }

  /** The commands by name, as they are listed. */
  private static Map<String, Supplier<Object>> commands(
      Console console, Supplier<CommandLine> dictionary) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("embed", () -> new EmbedCommand(console));
    commands.put("similarity", () -> new SimilarityCommand(console));
    commands.put("search", () -> new SearchCommand(console));
    commands.put("tokenize", () -> new TokenizeCommand(console));
    commands.put("info", () -> new InfoCommand(console));
    commands.put("bench", () -> new BenchCommand(console));
    commands.put("verify", () -> new VerifyCommand(console));
    commands.put("convert", () -> new ConvertCommand(console));
    commands.put("save", () -> new SaveCommand(console));
    commands.put("download", () -> new DownloadCommand(console));
    commands.put("dictionary", dictionary::get);
    commands.put(
        "eval", () -> new CommandLine(new EvalCommand()).addSubcommand(new StsCommand(console)));
    return commands;
  }

  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.mixinStandardHelpOptions(true);
    spec.versionProvider(new Version());
    spec.usageMessage().width(100);
    command.getSubcommands().values().forEach(BunvecCommand::addHelp);
  }

  private static int reportUsage(ParameterException failure, Console console) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    String message =
        String.valueOf(failure.getMessage())
            .replaceAll("\\s*\\R\\s*", " ")
            .replaceFirst("^Error: ", "");
    CommandException usage =
        CommandException.usage("%s; see %s --help".formatted(message, command));
    return Failures.report(usage, console);
  }

  private static Profile profile(String name) {
    return Arrays.stream(Profile.values())
        .filter(p -> p.libraryName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of %s but was '%s'"
                        .formatted(
                            Arrays.stream(Profile.values())
                                .map(Profile::libraryName)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  /** The version the build gave this module. */
  static String version() {
    return BunvecCommand.class.getModule().getDescriptor() == null
        ? "unversioned"
        : BunvecCommand.class.getModule().getDescriptor().rawVersion().orElse("unversioned");
  }

  @Override
  public void run() {
    requireSubcommand(spec);
  }

  /** What a command does that only has commands under it. */
  static void requireSubcommand(@Nullable CommandSpec spec) {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "no command given, expected one of " + String.join(", ", spec.subcommands().keySet()));
    }
  }

  /** What --version prints. */
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"bunvec " + version()};
    }
  }
}
