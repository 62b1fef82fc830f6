package io.github.bunvec.loader;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The classes and functions a checkpoint may name: all that torch.save writes for a state dict.
 * Each is a word to us; nothing is ever resolved or called.
 */
enum PickleGlobal {
  ORDERED_DICT("collections.OrderedDict"),
  REBUILD_TENSOR("torch._utils._rebuild_tensor"),
  REBUILD_TENSOR_V2("torch._utils._rebuild_tensor_v2"),
  REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
  PARAMETER("torch.nn.parameter.Parameter"),
  SIZE("torch.Size"),
  DOUBLE_STORAGE("torch.DoubleStorage", DType.F64),
  FLOAT_STORAGE("torch.FloatStorage", DType.F32),
  HALF_STORAGE("torch.HalfStorage", DType.F16),
  BFLOAT16_STORAGE("torch.BFloat16Storage", DType.BF16),
  LONG_STORAGE("torch.LongStorage", DType.I64),
  INT_STORAGE("torch.IntStorage", DType.I32),
  SHORT_STORAGE("torch.ShortStorage", DType.I16),
  CHAR_STORAGE("torch.CharStorage", DType.I8),
  BYTE_STORAGE("torch.ByteStorage", DType.U8),
  BOOL_STORAGE("torch.BoolStorage", DType.BOOL);

  private static final Map<String, PickleGlobal> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(PickleGlobal::qualifiedName, g -> g));

  private final String qualifiedName;
  private final @Nullable DType storedType;

  PickleGlobal(String qualifiedName) {
    this(qualifiedName, null);
  }

  PickleGlobal(String qualifiedName, @Nullable DType storedType) {
    this.qualifiedName = qualifiedName;
    this.storedType = storedType;
  }

  /** Returns the one of this name, or null if it is not on the list. */
  static @Nullable PickleGlobal named(String module, String name) {
    // The name alone must hold no dot: "torch" + "nn.x" would be another attribute path.
    return name.indexOf('.') >= 0 ? null : BY_NAME.get(module + "." + name);
  }

  String qualifiedName() {
    return qualifiedName;
  }

  /** Returns the element type of a storage class, null for anything else. */
  @Nullable DType storedType() {
    return storedType;
  }
}
