package io.github.bunvec.kernels.cuda.emulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs g++, for as many files at once as there are processors. Everything goes with the process.
 */
final class CppCompiler {

  private final Path folder;
  private final List<String> options;

  /**
   * Creates one.
   *
   * @param folder where object files go
   * @param options of every file
   */
  CppCompiler(Path folder, List<String> options) {
    this.folder = folder;
    this.options = options;
  }

  /**
   * Compiles files.
   *
   * @return their object files, in the same order
   * @throws IOException if there is no g++
   * @throws IllegalStateException if it finds mistakes
   */
  List<String> compile(List<Path> sources) throws IOException {
    List<Callable<String>> tasks = new ArrayList<>();
    for (Path source : sources) {
      tasks.add(() -> compile(source));
    }
    List<String> objects = new ArrayList<>();
    try (ExecutorService compilers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Future<String> object : compilers.invokeAll(tasks)) {
        objects.add(object.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException missing) {
        throw missing;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return objects;
  }

  private String compile(Path source) throws IOException {
    Path object = folder.resolve(source.getFileName() + ".o");
    object.toFile().deleteOnExit();
    List<String> command = new ArrayList<>(List.of("-c", source.toString()));
    command.addAll(options);
    command.addAll(List.of("-o", object.toString()));
    run(command);
    return object.toString();
  }

  /**
   * Links, or whatever the arguments say.
   *
   * @throws IOException if there is no g++
   * @throws IllegalStateException if it finds mistakes
   */
  static void run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("g++"));
    command.addAll(arguments);
    Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (compiler.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
