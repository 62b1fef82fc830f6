package io.github.bunvec.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts from the command line. */
final class ArgumentTexts implements TextSource {

  private final List<String> texts;
  private int next;

  ArgumentTexts(List<String> texts) {
    this.texts = texts;
  }

  @Override
  public @Nullable String next() {
    return next == texts.size() ? null : texts.get(next++);
  }

  @Override
  public boolean ready() {
    return true;
  }

  @Override
  public String where(long index) {
    return "text " + (index + 1);
  }

  @Override
  public double fractionRead() {
    return texts.isEmpty() ? 1 : (double) next / texts.size();
  }

  @Override
  public void close() {}
}
