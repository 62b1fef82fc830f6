package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds and opens the weights of a folder, whatever form they are in: of several, the first of
 *
 * <ol>
 *   <li>{@code model.safetensors}
 *   <li>{@code model.safetensors.index.json} with its shards
 *   <li>{@code pytorch_model.bin}
 *   <li>{@code pytorch_model.bin.index.json} with its shards
 * </ol>
 *
 * as transformers chooses.
 */
public final class Checkpoints {

  private static final String SINGLE = "model.safetensors";

  private static final List<String> NAMES =
      List.of(
          SINGLE,
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  /** Weights of other frameworks. */
  private static final List<String> FOREIGN =
      List.of(
          "tf_model.h5",
          "tf_model.h5.index.json",
          "flax_model.msgpack",
          "flax_model.msgpack.index.json",
          "model.ckpt.index",
          "rust_model.ot",
          "model.onnx");

  /** Weights in any form, and what trainings leave behind. */
  private static final Pattern WEIGHTS =
      Pattern.compile(
          ".*\\.(safetensors|bin|pt|pth|ckpt|h5|msgpack|onnx|ot|tflite|npz|pkl|index\\.json)",
          Pattern.CASE_INSENSITIVE);

  private Checkpoints() {}

  /**
   * Returns whether a file passes for weights, of any library, by its name.
   *
   * @param fileName a name without folders
   * @return false for what a model directory holds beside its weights
   */
  public static boolean isWeights(String fileName) {
    return WEIGHTS.matcher(fileName).matches();
  }

  /**
   * Finds the weights of a folder.
   *
   * @param directory the model directory
   * @param folder a folder in it, {@code 2_Dense} for instance; empty for the directory itself
   * @return the file that {@link #open} reads; empty if there is none
   */
  public static Optional<Path> find(Path directory, String folder) {
    Path parent = directory.resolve(folder);
    // A link that leads nowhere is a download that failed, no reason to take the next file.
    return NAMES.stream()
        .map(parent::resolve)
        .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  /**
   * Opens the weights of a folder.
   *
   * @param directory the model directory
   * @param folder a folder in it, {@code 2_Dense} for instance; empty for the directory itself.
   *     Messages name files by it: {@code 2_Dense/pytorch_model.bin}
   * @return the open checkpoint; {@link Checkpoint#label()} says which was chosen
   * @throws CheckpointException if there are no weights that can be read, or a file is wrong
   * @throws IOException if a file cannot be read
   */
  public static Checkpoint open(Path directory, String folder) throws IOException {
    Path file = find(directory, folder).orElseThrow(() -> missing(directory, folder));
    String name = String.valueOf(file.getFileName());
    String label = label(folder, name);
    return switch (NAMES.indexOf(name)) {
      case 0 -> SafetensorsFile.open(file, label);
      case 1 -> ShardedCheckpoint.open(file, label, SafetensorsFile::open);
      case 2 -> PyTorchFile.open(file, label);
      default -> ShardedCheckpoint.open(file, label, PyTorchFile::open);
    };
  }

  private static String label(String folder, String name) {
    String prefix = folder.replace('\\', '/').replaceFirst("/+$", "");
    return prefix.isEmpty() || prefix.equals(".") ? name : prefix + "/" + name;
  }

  private static CheckpointException missing(Path directory, String folder) {
    String found = label(folder, SINGLE) + ": is missing in " + directory;
    @Nullable String foreign =
        FOREIGN.stream()
            .filter(name -> Files.exists(directory.resolve(folder).resolve(name)))
            .findFirst()
            .orElse(null);
    if (foreign == null) {
      return new CheckpointException(
          found + ", so are " + String.join(", ", NAMES.subList(1, 4)) + ": there are no weights");
    }
    String convert =
        foreign.startsWith("tf_model")
            ? "AutoModel.from_pretrained(dir, from_tf=True).save_pretrained(dir)"
            : foreign.startsWith("flax_model")
                ? "AutoModel.from_pretrained(dir, from_flax=True).save_pretrained(dir)"
                : "AutoModel.from_pretrained(...).save_pretrained(dir)";
    return new CheckpointException(
        found
            + ", only "
            + foreign
            + " is there, which this version does not read: convert it in Python by "
            + convert);
  }
}
