package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that want something else than to describe tensors. */
class HostilePickleTest {

  @TempDir private Path folder;

  private void refused(String message, byte[] pickle) throws IOException {
    refused(message, pickle, 24);
  }

  private void refused(String message, byte[] pickle, int storageBytes) throws IOException {
    Path file = Pickle.zip(folder.resolve("m.bin"), pickle, storageBytes);
    var e = assertThrows(CheckpointException.class, () -> PyTorchFile.open(file).close());
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("m.bin: ") && found.contains(message), found);
    assertTrue(found.length() < 1000 && found.lines().count() == 1, found);
  }

  private static byte[] tensor(long count, long offset, long[] shape, long... strides) {
    return Pickle.valueOfW().tensor(count, offset, shape, strides).asW();
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  /** Without this the refusals below may have another cause than they say. */
  @Test
  void theSameIsReadWhenItIsRight() throws IOException {
    byte[] pickle = tensor(6, 0, shape(3, 2), 1, 3);
    try (var file = PyTorchFile.open(Pickle.zip(folder.resolve("m.bin"), pickle, 24))) {
      assertArrayEquals(new long[] {3, 2}, file.tensor("w").shape());
      assertEquals(4, file.tensor("w").data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "os,system",
    "posix,system",
    "builtins,eval",
    "builtins,exec",
    "builtins,getattr",
    "builtins,list",
    "__builtin__,eval",
    "subprocess,Popen",
    "torch._utils,_rebuild_qtensor",
    "torch._utils,_rebuild_tensor_v3",
    "torch._utils,_rebuild_sparse_tensor",
    "torch._utils,_import_dotted_name",
    "torch._utils,_rebuild_tensor_v2x",
    "torch,_utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor,v2",
    "torch.serialization,load",
    "torch.hub,load",
    "torch,load",
    "torch,Tensor",
    "torch,ComplexFloatStorage",
    "torch,QInt8Storage",
    "torch.storage,_load_from_bytes",
    "collections,namedtuple",
    "collections,Counter",
    "_codecs,encode",
    "java.lang.Runtime,exec",
    "'',''"
  })
  void onlyListedNamesMayStandThere(String module, String name) throws IOException {
    String message = "it names '" + module + "." + name + "', expected tensors";
    byte[] call = Pickle.valueOfW().global(module, name).raw('(').text("echo").raw('t', 'R').asW();
    refused(message, call);
    refused("Nothing was executed", Pickle.valueOfW().global(module, name).asW());
    byte[] stackGlobal = Pickle.valueOfW().text(module).text(name).raw(0x93).asW();
    refused(message, stackGlobal);
  }

  @Test
  void callsOfOtherThingsThanKnownFunctions() throws IOException {
    String call = "a call of";
    refused(call, Pickle.valueOfW().text("os.system").raw(')', 'R').asW());
    refused(call, Pickle.valueOfW().raw('N', ')', 'R').asW());
    refused(call, Pickle.valueOfW().raw('}', ')', 0x81).asW());
    refused(call, Pickle.valueOfW().global("torch", "FloatStorage").raw(')', 'R').asW());
    byte[] noTuple = Pickle.valueOfW().global("torch", "Size").raw('}', 'R').asW();
    refused("a call with a dict, expected a tuple", noTuple);
  }

  @Test
  void argumentsOfAnotherKind() throws IOException {
    String message = "is called with (";
    for (String name :
        new String[] {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_parameter"}) {
      refused(message, Pickle.valueOfW().global("torch._utils", name).raw(')', 'R').asW());
    }
    refused(message, Pickle.valueOfW().global("torch", "Size").raw('K', 1, 0x85, 'R').asW());
    refused(
        message,
        Pickle.valueOfW().global("collections", "OrderedDict").raw('K', 1, 0x85, 'R').asW());
    refused(
        message,
        Pickle.valueOfW().global("torch.nn.parameter", "Parameter").raw('N', 0x85, 'R').asW());
    Pickle noStorage = Pickle.valueOfW().global("torch._utils", "_rebuild_tensor").raw('(', 'N');
    refused("a tensor over None", noStorage.integer(0).raw(')', ')', 't', 'R').asW());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        'i', 'o', 'P', 'I', 'L', 'F', 'S', 'V', 'T', 'B', 'C', '0', '1', '2', 0x82, 0x83, 0x84,
        0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x91, 0x92, 0x96, 0x97, 0x98, 0, 0xFF
      })
  void otherInstructions(int instruction) throws IOException {
    refused(
        "instruction 0x%02x, expected".formatted(instruction),
        Pickle.start().raw('N', instruction, 1, 0, 0, 0, 0, 0, 0, 0, '\n', '\n', '.').bytes());
  }

  @Test
  void statesOfOtherThingsThanDicts() throws IOException {
    refused("is given the state", Pickle.valueOfW().raw('N', '}', 'b').asW());
    refused("is given the state", Pickle.valueOfW().raw('}', 'N', 'b').asW());
    refused("is given the state", Pickle.valueOfW().global("torch", "Size").raw('}', 'b').asW());
    Pickle tensor = Pickle.valueOfW().tensor(6, 0, shape(6), new long[] {1});
    refused("a tensor is given the state", tensor.raw('}', 'b').asW());
  }

  @Test
  void persistentIdsThatAreNoStorages() throws IOException {
    refused("the persistent id is None", Pickle.valueOfW().raw('N', 'Q').asW());
    refused("the persistent id is a tuple", Pickle.valueOfW().raw(')', 'Q').asW());
    Pickle other = Pickle.valueOfW().raw('(').text("module").global("torch", "FloatStorage");
    refused("persistent id", other.text("0").text("cpu").integer(6).raw('t', 'Q').asW());
    Pickle noClass = Pickle.valueOfW().raw('(').text("storage").global("torch", "Size");
    refused(
        "a storage of torch.Size", noClass.text("0").text("cpu").integer(6).raw('t', 'Q').asW());
    refused("a storage of -1", Pickle.valueOfW().storage("FloatStorage", -1).asW());
    refused("a storage of", Pickle.valueOfW().storage("FloatStorage", Long.MAX_VALUE).asW());
    refused(
        "storage '0' is F32 [6] and F32 [5], expected one",
        Pickle.start().raw('(').storage("FloatStorage", 6).storage("FloatStorage", 5).bytes());
    Pickle view = Pickle.valueOfW().raw('(').text("storage").global("torch", "FloatStorage");
    refused("a view", view.text("0").text("cpu").integer(6).tuple(1, 2).raw('t', 'Q').asW());
    Pickle path = Pickle.valueOfW().global("torch._utils", "_rebuild_tensor").raw('(', '(');
    path.text("storage").global("torch", "FloatStorage").text("../data.pkl").text("cpu");
    path.integer(0).raw('t', 'Q').integer(0).tuple(0).tuple(1).raw('t', 'R');
    refused("zip entry 'archive/data/../data.pkl' is missing", path.asW());
  }

  @Test
  void tensorsOutsideTheirStorage() throws IOException {
    String file = "tensor 'w': F32 ";
    refused(
        file + "[7] with strides [1] from element 0 of a storage of 6 reaches",
        tensor(6, 0, shape(7), 1));
    refused("reaches beyond it", tensor(6, 1, shape(6), 1));
    refused("reaches beyond it", tensor(6, 0, shape(2, 2), 5, 1));
    refused("reaches beyond it", tensor(6, 7, shape(0), 1));
    refused("reaches beyond it", tensor(6, 6, shape()));
    refused("no negative numbers", tensor(6, -1, shape(2), 1));
    refused("no negative numbers", tensor(6, 5, shape(2), -1));
    refused("no negative numbers", tensor(6, 0, shape(-2), 1));
    refused("reaches beyond it", tensor(6, 0, shape(Long.MAX_VALUE), Long.MAX_VALUE));
    refused("reaches beyond it", tensor(6, 0, shape(1L << 32, 1L << 32), 0, 0));
    refused("reaches beyond it", tensor(6, 0, shape(1L << 62, 4, 0), 0, 0, 0));
    refused("reaches beyond it", tensor(6, Long.MAX_VALUE, shape(3), 1));
    refused("repeats elements", tensor(6, 0, shape(1L << 40), 0));
    refused("repeats elements", tensor(6, 0, shape(7), 0));
    refused("3 sizes and 1 strides", tensor(6, 0, shape(1, 1, 1), 1));
    refused("a tuple of 65", tensor(6, 0, new long[65], new long[65]));
    refused("has 24 bytes, F32 [7] needs 28", tensor(7, 0, shape(7), 1));
    refused("has 28 bytes, F32 [6] needs 24", tensor(6, 0, shape(6), 1), 28);
  }

  @Test
  void otherThingsThanStateDicts() throws IOException {
    refused("holds None, expected a dict", Pickle.start().raw('N', '.').bytes());
    refused("holds a list, expected a dict", Pickle.start().raw(']', '.').bytes());
    refused("key 'w' is a dict, expected a tensor. If", Pickle.valueOfW().raw('}').asW());
    refused("key 'w' is the integer 3", Pickle.valueOfW().raw('K', 3).asW());
    refused("a dict key is the integer 3", Pickle.start().raw('}', 'K', 3, 'N', 's', '.').bytes());
    refused(
        "key 'w' is set twice",
        Pickle.valueOfW().raw('N', 's').text("w").raw('N', 's', '.').bytes());
  }

  @Test
  void stacksThatDoNotFit() throws IOException {
    for (int[] body :
        new int[][] {
          {'.'},
          {'N', 'N', '.'},
          {'(', '.'},
          {'(', 'N', '.'},
          {'t', '.'},
          {'N', 0x86, '.'},
          {'N', '(', 0x85, '.'},
          {'R'},
          {'b'},
          {'s'},
          {'u'},
          {'a'},
          {'e'},
          {'Q'},
          {'q', 0},
          {0x94},
          {'N', 'q', 0, 'h', 1, '.'},
          {'}', '(', 'N', 'u', '.'},
          {'N', '(', 'N', 'e', '.'},
          {'N', '(', 'N', 'N', 'u', '.'},
          {'(', 0x81}
        }) {
      refused("byte ", Pickle.start().raw(body).bytes());
    }
    refused("protocol 1", new Pickle().raw(0x80, 1, 'N', '.').bytes());
    refused("protocol 6", new Pickle().raw(0x80, 6, 'N', '.').bytes());
    refused("no pickle", new Pickle().raw('N', '.').bytes());
    refused("is it complete", Pickle.start().raw('N').bytes());
  }

  @Test
  void numbersAndStringsWithoutMeasure() throws IOException {
    refused("an integer of 255 bytes", Pickle.start().raw(0x8A, 255).bytes());
    refused("a string of 4294967295 bytes", Pickle.start().raw('X', 255, 255, 255, 255).bytes());
    refused("a string of 65537 bytes", Pickle.start().text("x".repeat(65537)).bytes());
    refused("is it complete", Pickle.start().raw('X', 255, 0, 0, 0).bytes());
    refused("a string is not UTF-8", Pickle.start().raw('X', 1, 0, 0, 0, 255).bytes());
    refused("a frame of", Pickle.start().raw(0x95, 1, 1, 1, 1, 1, 1, 1, 255).bytes());
    refused("a name without end", Pickle.start().raw('c', 'o', 's').bytes());
  }

  @Test
  void structuresWithoutMeasure() throws IOException {
    String message = "a deeper or longer structure";
    refused(message, repeated("(", 20_000));
    refused(message, repeated("N", 20_000));
    refused(message, repeated("]", 20_000));
    byte[] memo = new byte[5 * 600_000];
    for (int i = 0; i < 600_000; i++) {
      memo[5 * i] = 'r';
      memo[5 * i + 1] = (byte) i;
      memo[5 * i + 2] = (byte) (i >> 8);
      memo[5 * i + 3] = (byte) (i >> 16);
    }
    Pickle pickle = Pickle.start().raw('N');
    pickle.raw(new String(memo, java.nio.charset.StandardCharsets.ISO_8859_1).chars().toArray());
    refused(message, pickle.bytes());
    refused("more than 2500000 instructions", repeated("Na", 1_300_000));
  }

  /** Billion laughs: forty times a pair of the pair before. */
  @Test
  void sharedValuesAreNeverUnfolded() throws IOException {
    Pickle pickle = Pickle.valueOfW().raw(')');
    for (int i = 0; i < 60; i++) {
      pickle.raw('q', i, 'h', i, 0x86);
    }
    refused("key 'w' is a tuple of 2, expected a tensor", pickle.asW());
    Pickle inItself = Pickle.start().raw(']', 'q', 0, 'h', 0, 'a', '.');
    refused("holds a list", inItself.bytes());
    Pickle dict = Pickle.start().raw('}', 'q', 0).text("w").raw('h', 0, 's', '.');
    refused("key 'w' is a dict", dict.bytes());
  }

  private static byte[] repeated(String text, int times) {
    return Pickle.start().raw(']').raw(text.repeat(times).chars().toArray()).bytes();
  }
}
