package io.github.bunvec.cli;

/** How results are written. */
enum OutputFormat {
  /** For people. */
  TEXT,
  /** One JSON object in each line. */
  JSONL,
  /** One JSON object. */
  JSON,
  /** A NumPy array. */
  NPY
}
