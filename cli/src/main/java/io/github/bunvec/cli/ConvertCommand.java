package io.github.bunvec.cli;

import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bunvec convert}. */
@Command(
    name = "convert",
    description = "Writes a model directory anew with its weights as safetensors.",
    footer = {
      "",
      "Reads model.safetensors, pytorch_model.bin and both in shards. Executes nothing in them.",
      "The new directory has config.json, tokenizer files, modules.json and module folders as they",
      "were, and one model.safetensors wherever weights were."
    })
final class ConvertCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "The model directory to read.")
  private Path model = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The directory to write. It must not exist.")
  private Path output = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16",
      description = "Type of all floating-point tensors. Default: each as it is.")
  private @Nullable WeightType weightType;

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    DType dtype =
        weightType == null ? null : weightType == WeightType.BF16 ? DType.BF16 : DType.F32;
    for (String line : ModelConversion.run(model, output, dtype)) {
      console.out().write((Display.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return ExitCode.OK;
  }
}
