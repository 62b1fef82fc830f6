package io.github.bunvec.engine.modules;

import io.github.bunvec.loader.Checkpoint;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.TensorView;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of one module, of which none may be left over. */
final class ModuleWeights {

  private final ConfiguredModule module;
  private final Checkpoint checkpoint;
  private final Set<String> unused;

  ModuleWeights(ConfiguredModule module, Checkpoint checkpoint) {
    this.module = module;
    this.checkpoint = checkpoint;
    this.unused = new TreeSet<>(checkpoint.names());
  }

  TensorView require(String name, long... shape) {
    TensorView tensor = checkpoint.tensor(name).requireShape(shape);
    unused.remove(name);
    return tensor;
  }

  void requireNoOthers() {
    if (!unused.isEmpty()) {
      throw new CheckpointException(
          "%s: the weights have tensors that a %s of this configuration does not: %s"
              .formatted(module.label(), module.className(), String.join(", ", unused)));
    }
  }
}
