package io.github.bunvec.loader;

import io.github.bunvec.loader.PickleValue.Dictionary;
import io.github.bunvec.loader.PickleValue.Flag;
import io.github.bunvec.loader.PickleValue.Global;
import io.github.bunvec.loader.PickleValue.Int;
import io.github.bunvec.loader.PickleValue.None;
import io.github.bunvec.loader.PickleValue.Storage;
import io.github.bunvec.loader.PickleValue.Tensor;
import io.github.bunvec.loader.PickleValue.Text;
import io.github.bunvec.loader.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the calls in a checkpoint's pickle stand for: tensors over storages, described and not made.
 *
 * <p>Argument lists: torch/_utils.py and torch/serialization.py.
 */
final class TorchObjects {

  /** No tensor library goes further than 64 dimensions. */
  private static final int MAX_RANK = 64;

  private final Map<String, Storage> storages = new LinkedHashMap<>();

  /** Returns all storages by key. */
  Map<String, Storage> storages() {
    return Collections.unmodifiableMap(storages);
  }

  /**
   * Returns the storage of a persistent id: ("storage", class, key, location, element count), in
   * the legacy form followed by None or a view of another storage, which no state dict has.
   */
  Storage storage(PickleBytes bytes, PickleValue id) {
    if (!(id instanceof Tuple tuple)
        || (tuple.items().size() != 5 && tuple.items().size() != 6)
        || !(tuple.items().get(0) instanceof Text word && word.value().equals("storage"))
        || !(tuple.items().get(2) instanceof Text key)
        || !(tuple.items().get(3) instanceof Text)
        || !(tuple.items().get(4) instanceof Int count)) {
      throw bytes.wrong(
          "the persistent id is " + id.kind(), "(\"storage\", class, key, device, count)");
    }
    if (tuple.items().size() == 6 && !(tuple.items().get(5) instanceof None)) {
      throw bytes.wrong("storage " + Quoted.name(key.value()) + " is a view of another", "none");
    }
    DType dtype =
        tuple.items().get(1) instanceof Global global ? global.allowed().storedType() : null;
    if (dtype == null) {
      throw bytes.wrong("a storage of " + tuple.items().get(1).kind(), "a storage class");
    }
    if (count.value() < 0 || count.value() > Long.MAX_VALUE / dtype.byteSize()) {
      throw bytes.wrong("a storage of " + count.value() + " elements", "what a file can hold");
    }
    Storage storage = new Storage(key.value(), dtype, count.value());
    Storage known = storages.putIfAbsent(key.value(), storage);
    if (known == null) {
      return storage;
    }
    if (known.dtype() != dtype || known.count() != count.value()) {
      throw bytes.wrong(
          "storage %s is %s [%d] and %s [%d]"
              .formatted(
                  Quoted.name(key.value()), known.dtype(), known.count(), dtype, count.value()),
          "one of the two");
    }
    return known;
  }

  /** Returns what a call gives. */
  PickleValue reduce(PickleBytes bytes, PickleValue callable, PickleValue arguments) {
    if (!(callable instanceof Global global)) {
      throw bytes.wrong("a call of " + callable.kind(), "one of a known function");
    }
    if (!(arguments instanceof Tuple tuple)) {
      throw bytes.wrong("a call with " + arguments.kind(), "a tuple of arguments");
    }
    List<PickleValue> a = tuple.items();
    int n = a.size();
    switch (global.allowed()) {
      case ORDERED_DICT -> {
        if (n == 0) {
          return Dictionary.empty();
        }
      }
      case REBUILD_TENSOR -> {
        if (n == 4) {
          return tensor(bytes, a);
        }
      }
      case REBUILD_TENSOR_V2 -> {
        boolean metadata = n == 7 && (a.get(6) instanceof None || isEmptyDict(a.get(6)));
        if ((n == 6 || metadata) && a.get(4) instanceof Flag && isEmptyDict(a.get(5))) {
          return tensor(bytes, a);
        }
      }
      case REBUILD_PARAMETER -> {
        if (n == 3 && a.get(0) instanceof Tensor && isEmptyDict(a.get(2))) {
          return a.getFirst();
        }
      }
      case PARAMETER -> {
        if ((n == 1 || n == 2) && a.get(0) instanceof Tensor) {
          return a.getFirst();
        }
      }
      case SIZE -> {
        if (n == 1 && a.get(0) instanceof Tuple) {
          return a.getFirst();
        }
      }
      default -> throw bytes.wrong("a call of " + callable.kind(), "one of a known function");
    }
    String kinds = String.join(", ", a.stream().limit(8).map(PickleValue::kind).toList());
    throw bytes.wrong(
        callable.kind() + " is called with (" + kinds + ")", "what torch.save passes to it");
  }

  private static boolean isEmptyDict(PickleValue value) {
    return value instanceof Dictionary dict && dict.items().isEmpty();
  }

  private static Tensor tensor(PickleBytes bytes, List<PickleValue> arguments) {
    if (!(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(1) instanceof Int offset)) {
      throw bytes.wrong(
          "a tensor over " + arguments.get(0).kind() + " at " + arguments.get(1).kind(),
          "a storage and an offset");
    }
    List<Long> shape = integers(bytes, "size", arguments.get(2));
    List<Long> strides = integers(bytes, "stride", arguments.get(3));
    if (shape.size() != strides.size()) {
      throw bytes.wrong(
          "a tensor of " + shape.size() + " sizes and " + strides.size() + " strides",
          "equal numbers");
    }
    return new Tensor(storage, offset.value(), shape, strides);
  }

  private static List<Long> integers(PickleBytes bytes, String what, PickleValue value) {
    if (!(value instanceof Tuple tuple) || tuple.items().size() > MAX_RANK) {
      throw bytes.wrong("a tensor's " + what + " is " + value.kind(), "a tuple of integers");
    }
    List<Long> result = new ArrayList<>();
    for (PickleValue item : tuple.items()) {
      if (!(item instanceof Int number)) {
        throw bytes.wrong("a tensor's " + what + " holds " + item.kind(), "integers");
      }
      result.add(number.value());
    }
    return List.copyOf(result);
  }

  /**
   * Checks an instruction that sets attributes: a state dict carries _metadata, which is dropped.
   */
  void requireState(PickleBytes bytes, PickleValue object, PickleValue state) {
    if (!(object instanceof Dictionary) || !(state instanceof Dictionary)) {
      throw bytes.wrong(
          object.kind() + " is given the state " + state.kind(), "attributes of a dict only");
    }
  }
}
