package io.github.bunvec.cli;

import java.io.Serial;

/** Ends the command with one line on standard error and an exit code. */
final class CommandException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  static CommandException badInput(String message) {
    return new CommandException(ExitCode.BAD_INPUT, message);
  }

  static CommandException verificationFailed(String message) {
    return new CommandException(ExitCode.VERIFICATION_FAILED, message);
  }

  int exitCode() {
    return exitCode;
  }
}
