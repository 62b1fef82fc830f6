package io.github.bunvec.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.loader.Checkpoint;
import io.github.bunvec.loader.Checkpoints;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModuleEntry;
import io.github.bunvec.loader.SafetensorsWriter;
import io.github.bunvec.loader.StagedFolder;
import io.github.bunvec.loader.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a model directory anew with safetensors for weights. */
final class ModelConversion {

  private static final String WEIGHTS = "model.safetensors";

  /** The largest of a model's other files is a tokenizer.json of some 20 MB. */
  private static final long MAX_COPIED_BYTES = 256L << 20;

  private final Path source;
  private final StagedFolder staged;
  private final Path target;
  private final @Nullable DType dtype;
  private final List<String> report = new ArrayList<>();
  private final Set<String> leftOut = new TreeSet<>();

  private ModelConversion(Path source, StagedFolder staged, @Nullable DType dtype) {
    this.source = source;
    this.staged = staged;
    this.target = staged.path();
    this.dtype = dtype;
  }

  /**
   * Converts a directory.
   *
   * @param dtype of all floating-point tensors, or null to keep each as it is
   * @return what was written, a line for each file
   */
  static List<String> run(Path source, Path output, @Nullable DType dtype) throws IOException {
    try (ModelDirectory model = ModelDirectory.open(source);
        StagedFolder folder = StagedFolder.at(output)) {
      ModelConversion conversion = new ModelConversion(source, folder, dtype);
      conversion.convert(model);
      folder.complete();
      return conversion.report;
    }
  }

  private void convert(ModelDirectory model) throws IOException {
    // An encoder without weights is no model, a module without them may be one.
    model.checkpoint().names();
    String encoder = model.modules().isEmpty() ? "" : model.modules().getFirst().path();
    Set<String> folders = new TreeSet<>(Set.of(""));
    // Opening the model has refused paths that lead out of it.
    for (ModuleEntry module : model.modules()) {
      folders.add(module.path());
    }
    for (String folder : folders) {
      Files.createDirectories(target.resolve(folder));
      if (Files.isDirectory(source.resolve(folder))) {
        copyFiles(folder, folders);
      }
      if (Checkpoints.find(source, folder).isPresent()) {
        writeWeights(folder);
      }
    }
    if (dtype != null) {
      adjustConfig(target.resolve(encoder).resolve("config.json"), dtype);
    }
    if (!leftOut.isEmpty()) {
      report.add("left out: " + String.join(", ", leftOut));
    }
  }

  private void copyFiles(String folder, Set<String> folders) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(source.resolve(folder))) {
      // The new directory may be made inside of the old one.
      files = all.filter(file -> !file.toAbsolutePath().equals(target)).sorted().toList();
    }
    for (Path file : files) {
      String name = name(folder, String.valueOf(file.getFileName()));
      if (Files.isDirectory(file)) {
        if (folders.stream().noneMatch(f -> (f + "/").startsWith(name + "/"))) {
          leftOut.add(name + "/");
        }
        continue;
      }
      String fileName = file.getFileName().toString();
      if (fileName.startsWith(".")
          || Checkpoints.isWeights(fileName)
          || Files.size(file) > MAX_COPIED_BYTES) {
        leftOut.add(name);
        continue;
      }
      staged.copy(file, name);
      report.add(name);
    }
  }

  private void writeWeights(String folder) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(source, folder)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      Set<DType> types = new TreeSet<>();
      for (String name : checkpoint.names()) {
        TensorView tensor = checkpoint.tensor(name);
        DType chosen = dtype;
        DType type = chosen == null || !tensor.dtype().isFloatingPoint() ? tensor.dtype() : chosen;
        writer.add(name, tensor, type);
        types.add(type);
      }
      String name = name(folder, WEIGHTS);
      Path file = target.resolve(name);
      writer.write(file);
      report.add(
          "%s: %d tensors of %s, %d bytes, from %s"
              .formatted(
                  name,
                  checkpoint.names().size(),
                  types.toString().replaceAll("[\\[\\]]", ""),
                  Files.size(file),
                  checkpoint.label()));
      leftOut.remove(checkpoint.label());
      checkpoint.names().forEach(tensor -> leftOut.remove(label(checkpoint.tensor(tensor))));
    }
  }

  private static String label(TensorView tensor) {
    return tensor.file().toString().replace('\\', '/');
  }

  private static String name(String folder, String file) {
    String prefix = folder.replaceFirst("/+$", "");
    return prefix.isEmpty() ? file : prefix + "/" + file;
  }

  /** Names the new type under the key that is there; transformers reads the older one, too. */
  private static void adjustConfig(Path file, DType dtype) throws IOException {
    JsonObject config = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    String type = dtype == DType.BF16 ? "bfloat16" : "float32";
    boolean renamed = config.has("dtype");
    if (renamed) {
      config.addProperty("dtype", type);
    }
    if (!renamed || config.has("torch_dtype")) {
      config.addProperty("torch_dtype", type);
    }
    String json =
        new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create()
            .toJson(config);
    Files.writeString(file, json + "\n");
  }
}
