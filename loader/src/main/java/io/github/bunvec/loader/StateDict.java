package io.github.bunvec.loader;

import io.github.bunvec.loader.PickleValue.Dictionary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's tensors by name as a pickle describes them: a dict of tensors, each one checked. */
final class StateDict {

  private static final int MAX_TENSORS = 50_000;

  private StateDict() {}

  static Map<String, StridedTensor> of(String label, PickleValue value) {
    if (!(value instanceof Dictionary dict)) {
      throw new CheckpointException(
          label + ": holds " + value.kind() + ", expected a dict of tensors: a model's state dict");
    }
    if (dict.items().size() > MAX_TENSORS) {
      throw new CheckpointException(
          label + ": holds " + dict.items().size() + " tensors, expected at most " + MAX_TENSORS);
    }
    Map<String, StridedTensor> tensors = new LinkedHashMap<>();
    dict.items()
        .forEach(
            (name, item) -> {
              String where = label + ": tensor " + Quoted.name(name);
              if (!(item instanceof PickleValue.Tensor tensor)) {
                throw new CheckpointException(
                    label
                        + ": key "
                        + Quoted.name(name)
                        + " is "
                        + item.kind()
                        + ", expected a tensor. If this is a training checkpoint, save the model's"
                        + " own weights: torch.save(model.state_dict(), \"pytorch_model.bin\")");
              }
              tensors.put(name, StridedTensor.of(where, tensor));
            });
    return Collections.unmodifiableMap(tensors);
  }
}
