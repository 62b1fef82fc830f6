package io.github.bunvec.cli;

/** What a script may tell from the exit code. */
final class ExitCode {

  static final int OK = 0;

  /** A defect of the program. */
  static final int INTERNAL_ERROR = 1;

  /** The command line is wrong; nothing was done. */
  static final int USAGE = 2;

  /** A text, a file, the model or the machine is not as it must be. */
  static final int BAD_INPUT = 3;

  /** What was to be verified is not so; everything else went well. */
  static final int VERIFICATION_FAILED = 4;

  /** The reader of standard output has gone: 128 + SIGPIPE, as shells report it. */
  static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
