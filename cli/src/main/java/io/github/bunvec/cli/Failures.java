package io.github.bunvec.cli;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.tokenizer.mecab.DictionaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Turns whatever ended a command into one line and an exit code. */
final class Failures {

  private Failures() {}

  /** Prints the line, if there is one to print, and returns the exit code. */
  static int report(Throwable failure, Console console) {
    if (console.debug()) {
      failure.printStackTrace(console.err());
    }
    Throwable cause = unwrap(failure);
    if (cause instanceof OutputException output && output.brokenPipe()) {
      return ExitCode.BROKEN_PIPE;
    }
    console.err().println("bunvec: " + Display.line(message(cause)));
    return switch (cause) {
      case CommandException e -> e.exitCode();
      case CheckpointException _, DictionaryException _, IOException _, OutOfMemoryError _ ->
          ExitCode.BAD_INPUT;
      default -> ExitCode.INTERNAL_ERROR;
    };
  }

  /** Memory may run out on a worker thread, which hands the error on inside another one. */
  private static Throwable unwrap(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof OutOfMemoryError) {
        return t;
      }
    }
    Throwable cause = failure.getCause();
    return failure instanceof UncheckedIOException && cause != null ? cause : failure;
  }

  private static String message(Throwable cause) {
    return switch (cause) {
      case CommandException e -> text(e);
      case CheckpointException e -> text(e);
      case DictionaryException e -> text(e);
      case FileSystemException e -> text(e);
      case FileNotFoundException e -> text(e);
      case IOException e -> text(e);
      case OutOfMemoryError _ ->
          "out of memory: the Java heap may grow to %d MiB; allow more by BUNVEC_JAVA_OPTS=-Xmx8g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20);
      default ->
          "internal error, please report it: %s; BUNVEC_DEBUG=1 shows the stack trace"
              .formatted(cause);
    };
  }

  private static String text(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** A file system's exceptions often name the file and leave the reason to the class. */
  private static String text(FileSystemException e) {
    String reason = reason(e);
    String file = e.getFile() == null ? "" : e.getFile() + ": ";
    return file + (reason == null ? e.getClass().getSimpleName() : reason);
  }

  private static @Nullable String reason(FileSystemException e) {
    if (e.getReason() != null) {
      return e.getReason();
    }
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "exists already";
      default -> null;
    };
  }
}
