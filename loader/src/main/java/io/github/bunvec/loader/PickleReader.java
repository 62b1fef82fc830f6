package io.github.bunvec.loader;

import io.github.bunvec.loader.PickleValue.Dictionary;
import io.github.bunvec.loader.PickleValue.Flag;
import io.github.bunvec.loader.PickleValue.Global;
import io.github.bunvec.loader.PickleValue.Int;
import io.github.bunvec.loader.PickleValue.None;
import io.github.bunvec.loader.PickleValue.Real;
import io.github.bunvec.loader.PickleValue.Sequence;
import io.github.bunvec.loader.PickleValue.Text;
import io.github.bunvec.loader.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle of a checkpoint: a stack machine that knows the instructions torch.save writes
 * and the names of {@link PickleGlobal}, nothing else. It executes nothing and resolves no class;
 * time and memory are bounded by the limits below, which leave a factor of ten to the largest state
 * dicts.
 *
 * <p>Instructions: Python's pickletools; which of them occur: torch.save with protocols 2 to 5.
 */
final class PickleReader {

  /** Some 40 instructions describe a tensor. */
  private static final int MAX_INSTRUCTIONS = 2_500_000;

  private static final int MAX_MEMO = 500_000;

  /** The pickler hands over dict entries by the thousand: 2000 values and what they stand in. */
  private static final int MAX_STACK = 10_000;

  private final PickleBytes bytes;
  private final TorchObjects objects;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  private PickleReader(PickleBytes bytes, TorchObjects objects) {
    this.bytes = bytes;
    this.objects = objects;
  }

  /** Reads up to the end of a pickle, which need not be the end of the bytes. */
  static PickleValue read(PickleBytes bytes, TorchObjects objects) {
    return new PickleReader(bytes, objects).read();
  }

  private PickleValue read() {
    if (bytes.u8() != 0x80) {
      throw bytes.wrong("no pickle of protocol 2 or later", "one as torch.save writes it");
    }
    int protocol = bytes.u8();
    if (protocol < 2 || protocol > 5) {
      throw bytes.wrong("protocol " + protocol, "2 to 5");
    }
    for (int n = 0; n < MAX_INSTRUCTIONS; n++) {
      int instruction = bytes.u8();
      if (instruction == '.') {
        PickleValue result = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw bytes.wrong("the end with values left over", "one value");
        }
        return result;
      }
      if (!constant(instruction) && !collection(instruction) && !object(instruction)) {
        throw bytes.wrong(
            "instruction 0x%02x".formatted(instruction), "those torch.save writes for tensors");
      }
      if (stack.size() > MAX_STACK || marks.size() > MAX_STACK || memo.size() > MAX_MEMO) {
        throw bytes.wrong("a deeper or longer structure than a state dict has", "less");
      }
    }
    throw bytes.wrong("more than " + MAX_INSTRUCTIONS + " instructions", "fewer");
  }

  /** Values that stand in the instruction itself. */
  private boolean constant(int instruction) {
    switch (instruction) {
      case 'N' -> stack.add(new None());
      case 0x88 -> stack.add(new Flag(true));
      case 0x89 -> stack.add(new Flag(false));
      case 'J' -> stack.add(new Int(bytes.i32()));
      case 'K' -> stack.add(new Int(bytes.u8()));
      case 'M' -> stack.add(new Int(bytes.u16()));
      case 0x8A -> stack.add(longInteger());
      case 'G' -> {
        bytes.skip(8);
        stack.add(new Real());
      }
      case 'X' -> stack.add(new Text(bytes.text(bytes.i32() & 0xFFFFFFFFL)));
      case 'U', 0x8C -> stack.add(new Text(bytes.text(bytes.u8())));
      case 'c' -> stack.add(global(bytes.line(), bytes.line()));
      case 0x93 -> stack.add(stackGlobal());
      case 0x95 -> frame();
      default -> {
        return false;
      }
    }
    return true;
  }

  private Int longInteger() {
    int size = bytes.u8();
    if (size > 8) {
      throw bytes.wrong("an integer of " + size + " bytes", "at most 8");
    }
    return new Int(bytes.integer(size));
  }

  private Global global(String module, String name) {
    PickleGlobal allowed = PickleGlobal.named(module, name);
    if (allowed == null) {
      throw bytes.wrong(
          "it names " + Quoted.name(module + "." + name),
          "tensors, parameters and ordered dicts only. Nothing was executed. If you trust the file,"
              + " load it in Python and save its tensors as safetensors");
    }
    return new Global(allowed);
  }

  private Global stackGlobal() {
    PickleValue name = pop();
    PickleValue module = pop();
    if (module instanceof Text m && name instanceof Text n) {
      return global(m.value(), n.value());
    }
    throw bytes.wrong("a global of " + module.kind() + " and " + name.kind(), "two strings");
  }

  /** Frames help readers to prefetch; their bounds must still be true. */
  private void frame() {
    long length = bytes.i64();
    if (length < 0 || length > bytes.remaining()) {
      throw bytes.wrong("a frame of " + Long.toUnsignedString(length) + " bytes", "what is left");
    }
  }

  /** Tuples, lists and dicts. */
  private boolean collection(int instruction) {
    switch (instruction) {
      case '(' -> marks.add(stack.size());
      case ')' -> stack.add(new Tuple(List.of()));
      case 0x85 -> tuple(stack.size() - 1);
      case 0x86 -> tuple(stack.size() - 2);
      case 0x87 -> tuple(stack.size() - 3);
      case 't' -> tuple(mark());
      case ']' -> stack.add(new Sequence(new ArrayList<>()));
      case '}' -> stack.add(Dictionary.empty());
      case 'a' -> append(popFrom(stack.size() - 1));
      case 'e' -> append(popFrom(mark()));
      case 's' -> put(popFrom(stack.size() - 2));
      case 'u' -> put(popFrom(mark()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void tuple(int from) {
    List<PickleValue> items = popFrom(from);
    stack.add(new Tuple(items));
  }

  private void append(List<PickleValue> items) {
    if (!(top() instanceof Sequence list)) {
      throw bytes.wrong("values appended to " + top().kind(), "a list");
    }
    list.items().addAll(items);
  }

  private void put(List<PickleValue> items) {
    if (!(top() instanceof Dictionary dict)) {
      throw bytes.wrong("items set in " + top().kind(), "a dict");
    }
    if (items.size() % 2 != 0) {
      throw bytes.wrong("a key without a value", "pairs");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof Text key)) {
        throw bytes.wrong(
            "a dict key is " + items.get(i).kind(), "a string; is it a state dict of a model?");
      }
      if (dict.items().put(key.value(), items.get(i + 1)) != null) {
        throw bytes.wrong("key " + Quoted.name(key.value()) + " is set twice", "once");
      }
    }
  }

  /** What refers to earlier values, and what would make objects. */
  private boolean object(int instruction) {
    switch (instruction) {
      case 'q' -> remember(bytes.u8());
      case 'r' -> remember(bytes.i32());
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(bytes.u8());
      case 'j' -> recall(bytes.i32());
      case 'Q' -> stack.add(objects.storage(bytes, pop()));
      case 'R', 0x81 -> {
        PickleValue arguments = pop();
        stack.add(objects.reduce(bytes, pop(), arguments));
      }
      case 'b' -> {
        PickleValue state = pop();
        objects.requireState(bytes, top(), state);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void remember(int index) {
    memo.put(index, top());
  }

  private void recall(int index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw bytes.wrong("memo " + Integer.toUnsignedString(index) + " is empty", "a value");
    }
    stack.add(value);
  }

  private int mark() {
    if (marks.isEmpty()) {
      throw bytes.wrong("no mark on the stack", "one");
    }
    return marks.removeLast();
  }

  /** The lowest stack index an instruction may reach: a mark hides what lies below it. */
  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private PickleValue top() {
    if (stack.size() <= floor()) {
      throw bytes.wrong("the stack is empty", "a value");
    }
    return stack.getLast();
  }

  private PickleValue pop() {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  private List<PickleValue> popFrom(int from) {
    if (from < floor()) {
      throw bytes.wrong("the stack is empty", "more values");
    }
    List<PickleValue> tail = stack.subList(from, stack.size());
    List<PickleValue> items = List.copyOf(tail);
    tail.clear();
    return items;
  }
}
