package io.github.bunvec.engine.dictionary;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.TokenizerConfig;
import io.github.bunvec.tokenizer.ipadic.Ipadic;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.mecab.DictionaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the MeCab dictionary of one model: what the builder was given, else what {@code
 * mecab_kwargs} names, looked for on this machine.
 */
public final class Dictionaries {

  /** Opens a system dictionary. */
  private interface Opening {
    Dictionary open() throws IOException;
  }

  /** A system dictionary, not yet open, and what is said about it. */
  private record Source(String description, @Nullable Path directory, Opening opening) {
    static Source of(Path directory, String description) {
      return new Source(description, directory, () -> Dictionary.open(directory));
    }
  }

  private final InstalledDictionaries installed;
  private final @Nullable Path directory;
  private final @Nullable Dictionary given;
  private @Nullable String description;

  /**
   * Creates the choice for one model.
   *
   * @param installed where named dictionaries are looked for
   * @param directory the directory the user chose, or null
   * @param given the dictionary the user gave, or null; goes before the directory
   */
  public Dictionaries(
      InstalledDictionaries installed, @Nullable Path directory, @Nullable Dictionary given) {
    this.installed = installed;
    this.directory = directory;
    this.given = given;
  }

  /**
   * Opens the dictionary of a tokenizer that cuts words with MeCab.
   *
   * @param config what the model says; {@code mecab_dic} and {@code mecab_option} of it are read
   * @return the dictionary, mapped into memory and not copied
   * @throws CheckpointException if it is missing, damaged, or an option is not supported
   * @throws IOException if a file cannot be read
   */
  public Dictionary of(TokenizerConfig config) throws IOException {
    try {
      return open(config.mecabDic(), option(config));
    } catch (DictionaryException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns which dictionary is in use.
   *
   * @return one line: its name or directory, how it was chosen, what was added to it; null where
   *     {@link #of} was not called, as the tokenizer takes none
   * @throws IllegalArgumentException if the user chose one all the same
   */
  public @Nullable String description() {
    if (description == null && (directory != null || given != null)) {
      throw new IllegalArgumentException(
          "a dictionary was chosen%s, but this model's tokenizer uses none; leave it out"
              .formatted(directory == null ? "" : " (" + directory + ")"));
    }
    return description;
  }

  private static MecabOption option(TokenizerConfig config) {
    String option = config.mecabOption();
    try {
      return MecabOption.parse(option == null ? "" : option);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "tokenizer_config.json: mecab_option is '%s': %s".formatted(option, e.getMessage()), e);
    }
  }

  private Dictionary open(@Nullable String name, MecabOption option) throws IOException {
    MecabResource resource = resource(option);
    Source source = source(name, option, resource);
    List<String> remarks = new ArrayList<>(List.of(source.description()));
    Dictionary dictionary = source.opening().open();
    String users = users(option, resource, source);
    if (users != null && !users.isEmpty()) {
      dictionary = dictionary.withUserDictionaries(MecabResource.files(users));
      remarks.add("with " + users);
    }
    Integer maxGrouping = option.maxGrouping();
    if (maxGrouping != null) {
      dictionary = dictionary.withMaxGroupingSize(maxGrouping);
      remarks.add("maximum grouping size " + maxGrouping);
    }
    if (!option.ineffective().isEmpty()) {
      remarks.add("without effect on words: " + String.join(" ", option.ineffective()));
    }
    description = String.join(", ", remarks);
    return dictionary;
  }

  private static @Nullable MecabResource resource(MecabOption option) throws IOException {
    String named = option.resource();
    if (named == null) {
      return null;
    }
    if (!Files.isRegularFile(Path.of(named))) {
      throw new DictionaryException(named + ": is missing; mecab_option names it by -r");
    }
    return MecabResource.read(Path.of(named));
  }

  /** MeCab takes the first of: the command line, the resource file, the dictionary's dicrc. */
  private static @Nullable String users(
      MecabOption option, @Nullable MecabResource resource, Source source) throws IOException {
    if (option.users() != null) {
      return option.users();
    }
    if (resource != null && resource.users() != null) {
      return resource.users();
    }
    Path folder = source.directory();
    if (folder == null || !Files.isRegularFile(folder.resolve("dicrc"))) {
      return null;
    }
    return MecabResource.read(folder.resolve("dicrc")).users();
  }

  private Source source(
      @Nullable String name, MecabOption option, @Nullable MecabResource resource) {
    String named = name == null ? "none" : name;
    Dictionary own = given;
    if (own != null) {
      return new Source("given by the caller, the model names " + named, null, () -> own);
    }
    if (directory != null) {
      return Source.of(directory, "%s (chosen, the model names %s)".formatted(directory, named));
    }
    if (option.dictionary() != null) {
      return Source.of(Path.of(option.dictionary()), option.dictionary() + " (mecab_option -d)");
    }
    String byResource = name == null && resource != null ? resource.dictionary() : null;
    if (byResource != null) {
      return Source.of(Path.of(byResource), byResource + " (mecab_option -r)");
    }
    return named(name);
  }

  /** No dictionary named means ipadic: it is what such models were trained with. */
  private Source named(@Nullable String name) {
    if (name == null) {
      return new Source("ipadic, embedded (the model names none)", null, Ipadic::dictionary);
    }
    return switch (name) {
      case "ipadic" -> new Source("ipadic, embedded", null, Ipadic::dictionary);
      case "unidic_lite", "unidic" ->
          installed
              .find(name)
              .map(
                  found ->
                      Source.of(
                          found.directory(),
                          "%s, %s (%s)".formatted(name, found.directory(), found.origin())))
              .orElseThrow(() -> missing(name));
      default ->
          throw new CheckpointException(
              "tokenizer_config.json: mecab_dic is '%s', expected ipadic, unidic_lite, unidic or null"
                  .formatted(name));
    };
  }

  private CheckpointException missing(String name) {
    String remedy =
        name.equals("unidic_lite")
            ? "run 'bunvec dictionary install unidic-lite' or 'pip install unidic-lite'"
            : "run 'pip install unidic' and 'python -m unidic download'";
    return new CheckpointException(
        "tokenizer_config.json: mecab_dic is '%s', a dictionary that is not on this machine; %s, or name its directory by --dictionary DIR (EmbeddingModelBuilder.dictionary); looked at %s"
            .formatted(name, remedy, installed.places(name)));
  }
}
