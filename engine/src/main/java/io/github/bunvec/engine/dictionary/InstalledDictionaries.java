package io.github.bunvec.engine.dictionary;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The MeCab dictionaries of this machine: what {@link #VARIABLE} names, what {@code bunvec
 * dictionary install} has put into the data folder, what Python's packages hold; in that order. No
 * process is started to find them.
 */
public final class InstalledDictionaries {

  /**
   * The environment variable with the directory of the dictionary for models that name unidic_lite
   * or unidic. Models that name ipadic, or none, keep the embedded one.
   */
  public static final String VARIABLE = "BUNVEC_DICTIONARY";

  /**
   * A dictionary that was found.
   *
   * @param directory where it is
   * @param origin how it was found, in words
   */
  public record Found(Path directory, String origin) {}

  /** So many of Python's folders are named in a message; pyenv alone may have dozens. */
  private static final int SHOWN = 4;

  private final Map<String, String> environment;
  private final PythonPackages python;

  private InstalledDictionaries(Map<String, String> environment, Path root) {
    this.environment = Map.copyOf(environment);
    python = new PythonPackages(environment, root);
  }

  /**
   * Returns the dictionaries that an environment leads to.
   *
   * @param environment the environment's variables
   * @return the dictionaries; looked for when asked
   */
  public static InstalledDictionaries of(Map<String, String> environment) {
    return of(environment, Path.of(File.separator));
  }

  /**
   * Returns the dictionaries of another file system that is mounted here, as an image's is.
   *
   * @param environment the environment's variables; paths in them are taken as they are
   * @param root the folder that stands for the root in the system's own places ({@code /usr})
   * @return the dictionaries; looked for when asked
   */
  public static InstalledDictionaries of(Map<String, String> environment, Path root) {
    return new InstalledDictionaries(environment, root);
  }

  /**
   * Returns where an installed dictionary belongs: {@code dictionaries/NAME} in $BUNVEC_HOME, else
   * in $XDG_DATA_HOME/bunvec, else in ~/.local/share/bunvec.
   *
   * @param name unidic_lite or unidic
   * @return the directory, there or not
   * @throws IllegalStateException if none of the three variables is set
   */
  public Path home(String name) {
    Path data = dataFolder();
    if (data == null) {
      throw new IllegalStateException(
          "BUNVEC_HOME, XDG_DATA_HOME and HOME are not set; one of them must name the folder of"
              + " installed dictionaries");
    }
    return data.resolve("dictionaries").resolve(name);
  }

  private @Nullable Path dataFolder() {
    String own = variable("BUNVEC_HOME");
    if (own != null) {
      return Path.of(own);
    }
    String data = variable("XDG_DATA_HOME");
    if (data != null) {
      return Path.of(data, "bunvec");
    }
    String user = variable("HOME");
    return user == null ? null : Path.of(user, ".local", "share", "bunvec");
  }

  private @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * Finds a dictionary.
   *
   * @param name unidic_lite or unidic, the Python package's name
   * @return the first place that has it; the variable's directory even where it has none, so that
   *     opening it says so
   */
  public Optional<Found> find(String name) {
    String named = variable(VARIABLE);
    if (named != null) {
      return Optional.of(new Found(Path.of(named), "named by " + VARIABLE));
    }
    Path data = dataFolder();
    if (data != null && isDictionary(home(name))) {
      return Optional.of(new Found(home(name), "installed by bunvec"));
    }
    return python.folders().stream()
        .map(folder -> folder.resolve(name).resolve("dicdir"))
        .filter(InstalledDictionaries::isDictionary)
        .findFirst()
        .map(directory -> new Found(directory, "found in Python's packages"));
  }

  /**
   * Says where {@link #find} looks.
   *
   * @param name unidic_lite or unidic
   * @return one line
   */
  public String places(String name) {
    List<String> folders = python.folders().stream().map(Path::toString).toList();
    String shown = String.join(", ", folders.subList(0, Math.min(SHOWN, folders.size())));
    return "%s (not set), %s, %s/dicdir in Python's packages (%s%s)"
        .formatted(
            VARIABLE,
            dataFolder() == null ? "the data folder (HOME is not set)" : home(name),
            name,
            folders.isEmpty() ? "no folder of such" : shown,
            folders.size() > SHOWN ? " and %d more".formatted(folders.size() - SHOWN) : "");
  }

  private static boolean isDictionary(Path directory) {
    return Files.isRegularFile(directory.resolve(Dictionary.SYSTEM));
  }
}
