package io.github.bunvec.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bunvec eval}: measures of how good a model is. */
@Command(name = "eval", description = "Measures how well a model does on a task.")
final class EvalCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    BunvecCommand.requireSubcommand(spec);
  }
}
