package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line, the right exit code, and nothing on standard output. */
class FailuresTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "embed",
        "embed --no-such-option a",
        "embed --threads 0 a",
        "embed --threads x a",
        "embed --max-length 1 a",
        "embed --dtype fp8 a",
        "embed --profile both a",
        "embed --format yaml a",
        "embed --format json a",
        "similarity --format npy a b",
        "embed --input - a",
        "search query",
        "search --corpus - --top 0 query",
        "search --corpus - one two",
        "info text"
      })
  void wrongCommandLine(String line) {
    Run run = line.isEmpty() ? Run.of() : Run.of(line.split(" ", -1));
    expect(2, "bunvec: ", run);
  }

  @Test
  void binaryIsNotForTerminals() {
    expect(
        2, "bunvec: --format npy", Run.onTerminal(true, new byte[0], "embed", "--format=npy", "a"));
  }

  @Test
  void missingFiles() {
    Path none = folder.resolve("none");
    expect(3, "bunvec: " + none + ": no such file", Run.of("embed", "--input", none.toString()));
    expect(
        3, "bunvec: " + folder + ": is a directory", Run.of("embed", "--input", folder.toString()));
    expect(3, "bunvec: " + none + ": no such", Run.of("search", "--corpus", none.toString(), "q"));
    expect(
        3, "bunvec: " + none + ": no such model", Run.of("embed", "--model", none.toString(), "a"));
    expect(
        3, "bunvec: " + folder + ": is not a model", Run.of("info", "--model", folder.toString()));
    Path inside = none.resolve("out.txt");
    expect(3, "bunvec: " + inside, Run.of("embed", "--output", inside.toString(), "a"));
  }

  @Test
  void outputMustNotBeTheInput() throws IOException {
    Path file = Files.writeString(folder.resolve("in.txt"), "a\n");
    expect(
        2,
        "bunvec: --output",
        Run.of("embed", "--input", file.toString(), "--output", file.toString()));
    assertEquals("a\n", Files.readString(file));
  }

  @Test
  void backends() {
    expect(
        3,
        "bunvec: backend 'gpu' is not installed; there are: auto, cuda, cpu, reference",
        Run.of("embed", "--backend=gpu", "a"));
    expect(3, "bunvec: backend 'cuda'", Run.of("embed", "--backend=cuda", "a"));
    expect(
        3,
        "bunvec: backend 'cpu' takes no parameters, found '0,1'",
        Run.of("embed", "--backend=cpu:0,1", "a"));
    expect(
        3,
        "bunvec: TF32 arithmetic is not available",
        Run.of("embed", "--backend=cpu", "--arithmetic=tf32", "a"));
  }

  @Test
  void maximumLengthBeyondThePositions() {
    expect(
        3,
        "bunvec: maximum length is 513, config.json says max_position_embeddings=512",
        Run.of("embed", "--max-length=513", "a"));
  }

  @Test
  void damagedModels() throws IOException {
    Path cut = ModelCopy.into(folder.resolve("cut"));
    try (FileChannel weights =
        FileChannel.open(cut.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
      weights.truncate(weights.size() / 2);
    }
    expectModelError(cut, "model.safetensors");
    Path other = ModelCopy.into(folder.resolve("other"));
    ModelCopy.edit(other.resolve("config.json"), "\"hidden_size\": 256", "\"hidden_size\": 128");
    expectModelError(other, "config.json");
    Path module = ModelCopy.into(folder.resolve("module"));
    ModelCopy.edit(module.resolve("modules.json"), "models.Normalize", "models.Mystery");
    expectModelError(module, "Mystery");
    Path json = ModelCopy.into(folder.resolve("json"));
    Files.writeString(json.resolve("config.json"), "{\n  \"hidden");
    expectModelError(json, "config.json");
    Path vocabulary = ModelCopy.into(folder.resolve("vocabulary"));
    Files.delete(vocabulary.resolve("vocab.txt"));
    expectModelError(vocabulary, "vocab.txt");
  }

  @Test
  void brokenPipeIsQuiet() {
    Run run = writing("Broken pipe");
    assertEquals(141, run.exitCode());
    assertEquals("", run.err());
    Run full = writing("No space left on device");
    assertEquals(3, full.exitCode());
    assertEquals("bunvec: standard output: No space left on device\n", full.err());
  }

  @Test
  void memoryAndDefects() {
    assertEquals(3, reported(new IllegalStateException(new OutOfMemoryError("heap")), "-Xmx"));
    assertEquals(1, reported(new IllegalStateException("a\nb"), "BUNVEC_DEBUG=1"));
  }

  private static int reported(Throwable failure, String part) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Failures.report(failure, console(new ByteArrayOutputStream(), err));
    String text = err.toString(StandardCharsets.UTF_8);
    assertEquals(1, text.lines().count(), text);
    assertTrue(text.contains(part), text);
    return exitCode;
  }

  private static Run writing(String failure) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        BunvecCommand.execute(
            console(new NamedOutput(broken, "standard output"), err), "embed", "a");
    return new Run(exitCode, new byte[0], err.toString(StandardCharsets.UTF_8));
  }

  private static Console console(OutputStream out, OutputStream err) {
    return new Console(
        new ByteArrayInputStream(new byte[0]),
        out,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        false,
        false,
        false);
  }

  private static void expectModelError(Path model, String part) {
    Run run = Run.of("embed", "--model", model.toString(), "a");
    expect(3, "bunvec: ", run);
    assertTrue(run.err().contains(part), run.err());
  }

  private static void expect(int exitCode, String start, Run run) {
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().startsWith(start), run.err());
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals(0, run.out().length);
  }
}
