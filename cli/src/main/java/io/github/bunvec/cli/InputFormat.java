package io.github.bunvec.cli;

/** How the lines of a file hold texts. */
enum InputFormat {
  /** The line is the text. */
  TEXT,
  /** The line is a JSON object with a field {@code text}. */
  JSONL
}
