package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GpuCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final StringWriter usage = new StringWriter();

  /** Says that there is no GPU. */
  private static final class Missing implements BackendProvider {
    @Override
    public String name() {
      return "cuda";
    }

    @Override
    public int rank() {
      return 10;
    }

    @Override
    public Optional<String> unavailableReason() {
      return Optional.of("no driver is loaded; install it");
    }

    @Override
    public Backend create(BackendOptions options) {
      throw new AssertionError("there is no GPU");
    }
  }

  private int run(String... arguments) {
    PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    CommandLine command = GpuCommand.commandLine(new GpuCommand(new Missing(), results, messages));
    command.setErr(new PrintWriter(usage));
    return command.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource({"--rounds=15", "--check", "'--parts=kernels,linear'", "--torch=/"})
  void withoutAGpuTheProvidersReasonIsTold(String argument) {
    assertEquals(1, run(argument));
    assertEquals(
        "bench/gpu: there is no GPU to measure: no driver is loaded; install it\n",
        err.toString(StandardCharsets.UTF_8));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "--tokens=4097, '--tokens is 4097, expected a multiple of the length 32'",
    "--length=513, '--length is 513, expected 2 to 512'",
    "--rounds=0, '--rounds is 0, expected 1 to 10000'",
    "--seconds=0, '--seconds is 0.0, expected more than 0'",
    "--callers=0, '--callers is 0, expected 1 to 1024'",
    "--ceiling=100, '--ceiling is 100, expected a multiple of 8'",
    "--models=bert-huge, 'model is ''bert-huge'', expected bert-base, bert-large'",
    "--texts=/no/such/file, /no/such/file does not exist",
    "--torch=/no/such/python, /no/such/python does not exist",
    "--parts=all, Invalid value for option '--parts'",
  })
  void wrongArgumentsAreToldFirst(String argument, String message) {
    assertEquals(2, run(argument));
    assertTrue(usage.toString().contains(message), usage.toString());
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void helpNamesEveryOption() {
    String help = GpuCommand.commandLine(new GpuCommand()).getUsageMessage();
    for (String option :
        new String[] {"--check", "--parts", "--torch", "--json", "--markdown", "--tokens"}) {
      assertTrue(help.contains(option), help);
    }
  }
}
