/** The command line: options, input and output formats, messages and exit codes. */
@org.jspecify.annotations.NullMarked
package io.github.bunvec.cli;
