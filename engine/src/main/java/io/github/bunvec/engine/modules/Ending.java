package io.github.bunvec.engine.modules;

import org.jspecify.annotations.Nullable;

/**
 * What is done to vectors at the end, as the arguments of sentence-transformers' {@code encode}.
 *
 * @param truncateDim how many first values are kept, or null for all; more than there are keeps all
 * @param normalize true divides vectors by their length, after the truncation; false does not and
 *     passes over the Normalize modules, too; null leaves it to those
 */
public record Ending(@Nullable Integer truncateDim, @Nullable Boolean normalize) {

  /** Vectors as the modules make them. */
  public static final Ending NONE = new Ending(null, null);
}
