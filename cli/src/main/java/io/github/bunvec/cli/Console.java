package io.github.bunvec.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The streams of one run and what is known of them.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param terminalError whether a person watches standard error
 * @param terminalOutput whether a person watches standard output
 * @param debug whether failures show their stack trace
 */
record Console(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean terminalError,
    boolean terminalOutput,
    boolean debug) {}
