package io.github.bunvec.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text and what another implementation made of it.
 *
 * @param embedding its vector; [dimension], finite
 * @param ids its token ids, if known
 * @param tokens its tokens, if known
 */
record ReferenceRow(
    String text, double[] embedding, int @Nullable [] ids, @Nullable List<String> tokens) {}
