package io.github.bunvec.loader;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a restricted pickle may hold. Values may hold one another in circles, as the file likes:
 * nothing may walk through them without a bound, so equals, hashCode and toString stay unused.
 */
sealed interface PickleValue {

  /** Returns the value as a message names it. */
  default String kind() {
    return switch (this) {
      case None _ -> "None";
      case Flag flag -> flag.value ? "True" : "False";
      case Int number -> "the integer " + number.value;
      case Real _ -> "a float";
      case Text text -> "the string " + Quoted.name(text.value);
      case Tuple tuple -> "a tuple of " + tuple.items.size();
      case Sequence _ -> "a list";
      case Dictionary _ -> "a dict";
      case Global global -> global.allowed.qualifiedName();
      case Storage _ -> "a storage";
      case Tensor _ -> "a tensor";
    };
  }

  /** Python's None. */
  record None() implements PickleValue {}

  /** A bool. */
  record Flag(boolean value) implements PickleValue {}

  /** An int of at most 64 bits. */
  record Int(long value) implements PickleValue {}

  /** A float, whose value nobody asks for. */
  record Real() implements PickleValue {}

  /** A str. */
  record Text(String value) implements PickleValue {}

  /** A tuple. */
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** A list, which grows. */
  record Sequence(List<PickleValue> items) implements PickleValue {}

  /** A dict or an OrderedDict, which grows; its attributes are dropped. */
  record Dictionary(Map<String, PickleValue> items) implements PickleValue {
    static Dictionary empty() {
      return new Dictionary(new LinkedHashMap<>());
    }
  }

  /** A class or function of the allow-list, never more than its name. */
  record Global(PickleGlobal allowed) implements PickleValue {}

  /**
   * Memory that tensors lie in.
   *
   * @param key its name in the file
   * @param count elements
   */
  record Storage(String key, DType dtype, long count) implements PickleValue {}

  /**
   * A tensor as the file describes it, not yet checked against its storage.
   *
   * @param offset first element in the storage
   * @param shape sizes, slowest dimension first
   * @param strides elements of the storage from one index to the next, by dimension
   */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements PickleValue {}
}
