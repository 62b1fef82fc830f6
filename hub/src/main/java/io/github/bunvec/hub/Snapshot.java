package io.github.bunvec.hub;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model's files as they were in one commit.
 *
 * @param model which model was asked for
 * @param commit the commit, 40 hexadecimal digits
 * @param path the directory, in the cache
 * @param remark why this is what was in the cache and the Hub was not asked whether it is still the
 *     newest, for example {@code offline: using cached ...}; null if it was
 */
public record Snapshot(ModelId model, String commit, Path path, @Nullable String remark) {

  /**
   * Names model and commit in a line.
   *
   * @return for example {@code ORG/NAME@main (commit 0a1b2c3d)}
   */
  public String description() {
    String state = remark == null ? "" : ", " + remark;
    return "%s (commit %s%s)".formatted(model, commit.substring(0, 8), state);
  }
}
