package io.github.bunvec.cli;

import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bunvec dictionary install}. */
@Command(
    name = "install",
    description = {
      "Fetches unidic-lite 1.0.8 with this machine's pip, checks it and unpacks what is needed: 260 MB.",
      "For unidic: pip install unidic; python -m unidic download."
    })
final class DictionaryInstallCommand implements Callable<Integer> {

  /** Moved last: a folder without it counts as no dictionary. */
  private static final String LAST = "sys.dic";

  private final Console console;
  private final Map<String, String> environment;
  private final DictionaryPackage dictionary;

  @Parameters(paramLabel = "NAME", description = "unidic-lite.")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "The package, downloaded before: .tar.gz or wheel. Nothing is fetched.")
  private @Nullable Path from;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Where to. Default: dictionaries/unidic_lite in $BUNVEC_HOME, else in"
              + " $XDG_DATA_HOME/bunvec, else in ~/.local/share/bunvec.")
  private @Nullable Path to;

  @Option(names = "--force", description = "Replace what is there.")
  private boolean force;

  DictionaryInstallCommand(
      Console console, Map<String, String> environment, DictionaryPackage dictionary) {
    this.console = console;
    this.environment = environment;
    this.dictionary = dictionary;
  }

  @Override
  public Integer call() throws IOException {
    requireKnownName();
    Path target = target();
    if (!force && Files.exists(target.resolve(LAST))) {
      say("%s is there already: %s; --force replaces it".formatted(dictionary.project(), target));
      return ExitCode.OK;
    }
    Path parent = target.getParent();
    Files.createDirectories(parent == null ? target : parent);
    Path beside = target.resolveSibling("." + target.getFileName() + ".tmp" + processId());
    try {
      Files.createDirectory(beside);
      install(beside, target);
    } finally {
      delete(beside);
    }
    say(
        "installed %s %s in %s%s"
            .formatted(
                dictionary.project(),
                dictionary.version(),
                target,
                to == null
                    ? "; models that name %s find it".formatted(dictionary.name())
                    : "; name it by --dictionary or by " + InstalledDictionaries.VARIABLE));
    return ExitCode.OK;
  }

  private void requireKnownName() {
    String plain = name.replace('_', '-');
    if (plain.equals("unidic")) {
      throw CommandException.usage(
          "unidic is installed by Python alone: pip install unidic; python -m unidic download");
    }
    if (!plain.equals(dictionary.project())) {
      throw CommandException.usage(
          "'%s' cannot be installed, expected %s%s"
              .formatted(
                  name,
                  dictionary.project(),
                  plain.equals("ipadic") ? "; ipadic is embedded" : ""));
    }
  }

  private Path target() {
    if (to != null) {
      return to.toAbsolutePath().normalize();
    }
    try {
      return InstalledDictionaries.of(environment).home(dictionary.name()).toAbsolutePath();
    } catch (IllegalStateException e) {
      throw CommandException.badInput(e.getMessage() + "; or name a folder by --to DIR");
    }
  }

  private void install(Path beside, Path target) throws IOException {
    Path archive = from;
    if (archive == null) {
      Path download = Files.createDirectory(beside.resolve("download"));
      say("fetching %s %s with pip".formatted(dictionary.project(), dictionary.version()));
      archive = new Pip(environment).download(dictionary, download);
    }
    Path files = Files.createDirectory(beside.resolve("files"));
    new DictionaryArchive(dictionary, archive).unpack(files);
    if (Files.notExists(target)) {
      Files.move(files, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    // Into a folder that is there, file by file: what else is in it is the user's.
    List<Path> moved = children(files);
    moved.sort((a, b) -> Boolean.compare(a.endsWith(LAST), b.endsWith(LAST)));
    for (Path file : moved) {
      Files.move(file, target.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static long processId() {
    return ProcessHandle.current().pid();
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    }
    return children;
  }

  private static void delete(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      for (Path child : children(file)) {
        delete(child);
      }
    }
    Files.deleteIfExists(file);
  }

  private void say(String message) {
    console.err().println("bunvec: " + Display.line(message));
  }
}
