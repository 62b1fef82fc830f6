package io.github.bunvec.hub;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model on the Hub and a revision of it.
 *
 * <p>Names as the Hub allows them: organization and name of letters, digits, {@code -}, {@code _}
 * and {@code .}, neither starting nor ending with {@code -} or {@code .}, no {@code --} and no
 * {@code ..}, the name of at most 96 characters and not ending in {@code .git}. The Hub's few old
 * names without an organization are not accepted: they look like directories.
 *
 * @param repository {@code ORG/NAME}
 * @param revision a branch, a tag, a commit, or a path such as {@code refs/pr/1}
 */
public record ModelId(String repository, String revision) {

  /** The branch a model is on where none is named. */
  public static final String DEFAULT_REVISION = "main";

  private static final Pattern WORD = Pattern.compile("\\w|\\w[\\w.-]*\\w");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REVISION_PART = Pattern.compile("[^\\x00-\\x20\\x7f~^:?*\\[\\\\]+");
  private static final int MAX_NAME = 96;
  private static final int MAX_REVISION = 200;

  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException if either is not what the Hub or git allow
   */
  public ModelId {
    problem(repository, revision)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /**
   * Reads {@code ORG/NAME} or {@code ORG/NAME@REVISION}.
   *
   * @param text the text
   * @return the id; revision {@value #DEFAULT_REVISION} where none is named
   * @throws IllegalArgumentException if it is not of that form
   */
  public static ModelId parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new ModelId(text, DEFAULT_REVISION)
        : new ModelId(text.substring(0, at), text.substring(at + 1));
  }

  /** Whether the revision is a commit, whose files never change. */
  boolean namesCommit() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** The id as {@link #parse} reads it. */
  @Override
  public String toString() {
    return repository + "@" + revision;
  }

  private static Optional<String> problem(String repository, String revision) {
    String[] parts = repository.split("/", -1);
    if (parts.length != 2
        || !Arrays.stream(parts).allMatch(part -> WORD.matcher(part).matches())
        || parts[1].length() > MAX_NAME
        || parts[0].length() > MAX_NAME
        || repository.contains("--")
        || repository.contains("..")
        || repository.endsWith(".git")) {
      return Optional.of(
          "'%s' is no name of a model on the Hub, expected ORG/NAME or ORG/NAME@REVISION"
              .formatted(repository));
    }
    // As git's check-ref-format has it: what is written below refs/ is a file name, too.
    boolean sound =
        revision.length() <= MAX_REVISION
            && !revision.contains("..")
            && !revision.contains("@{")
            && !revision.endsWith(".")
            && Arrays.stream(revision.split("/", -1))
                .allMatch(
                    part ->
                        REVISION_PART.matcher(part).matches()
                            && !part.startsWith(".")
                            && !part.startsWith("-")
                            && !part.endsWith(".lock"));
    return sound
        ? Optional.empty()
        : Optional.of(
            "'%s' is no revision, expected a branch, a tag or a commit".formatted(revision));
  }
}
