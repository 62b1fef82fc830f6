package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.cpu.kernel.CompiledMethod.Loop;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the natural loops of machine code.
 *
 * <p>An edge to a block that dominates the edge's source closes a loop; the loop is every block
 * from which that source is reached without passing its head. A range between a backward jump and
 * its target would not do: C2 moves rare paths, as those of an allocation, behind everything else.
 */
final class LoopFinder {

  private static final String UNCOMMON_TRAP = "UncommonTrapBlob";

  private final CompiledMethod method;
  private final List<List<Instruction>> blocks = new ArrayList<>();
  private final List<List<Integer>> successors = new ArrayList<>();
  private final List<List<Integer>> predecessors = new ArrayList<>();

  LoopFinder(CompiledMethod method) {
    this.method = method;
    cut();
    connect();
  }

  /** Whether nothing follows: the interpreter takes over where a trap is called. */
  private boolean ends(Instruction instruction) {
    return instruction.isEnd() || UNCOMMON_TRAP.equals(method.callees().get(instruction.offset()));
  }

  private void cut() {
    TreeSet<Integer> starts = new TreeSet<>();
    for (Instruction instruction : method.code()) {
      if (!instruction.isCall()) {
        starts.add(instruction.target());
      }
      if (instruction.isConditionalJump() || ends(instruction)) {
        starts.add(instruction.end());
      }
    }
    for (Instruction instruction : method.code()) {
      if (blocks.isEmpty() || starts.contains(instruction.offset())) {
        blocks.add(new ArrayList<>());
      }
      blocks.getLast().add(instruction);
    }
  }

  private void connect() {
    Map<Integer, Integer> blockAt = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      blockAt.put(blocks.get(i).getFirst().offset(), i);
      successors.add(new ArrayList<>());
      predecessors.add(new ArrayList<>());
    }
    for (int i = 0; i < blocks.size(); i++) {
      Instruction last = blocks.get(i).getLast();
      if (!ends(last) && i + 1 < blocks.size()) {
        successors.get(i).add(i + 1);
      }
      // Jumps to other methods and stubs leave.
      Integer target = last.isCall() ? null : blockAt.get(last.target());
      if (target != null) {
        successors.get(i).add(target);
      }
    }
    for (int i = 0; i < blocks.size(); i++) {
      for (int successor : successors.get(i)) {
        predecessors.get(successor).add(i);
      }
    }
  }

  List<Loop> loops() {
    List<BitSet> dominators = dominators();
    Map<Integer, BitSet> bodies = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      for (int head : successors.get(i)) {
        if (dominators.get(i).get(head)) {
          bodies.computeIfAbsent(head, key -> new BitSet()).or(body(head, i));
        }
      }
    }
    List<Loop> loops = new ArrayList<>();
    bodies.forEach(
        (head, body) -> {
          boolean innermost =
              bodies.keySet().stream().noneMatch(other -> !other.equals(head) && body.get(other));
          loops.add(loop(innermost, body));
        });
    return loops;
  }

  private BitSet body(int head, int source) {
    BitSet body = new BitSet();
    body.set(head);
    List<Integer> open = new ArrayList<>(List.of(source));
    while (!open.isEmpty()) {
      int block = open.removeLast();
      if (!body.get(block)) {
        body.set(block);
        open.addAll(predecessors.get(block));
      }
    }
    return body;
  }

  /** For each block those that every way to it passes; empty where none leads. */
  private List<BitSet> dominators() {
    List<BitSet> dominators = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      dominators.add(new BitSet());
    }
    dominators.getFirst().set(0);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 1; i < blocks.size(); i++) {
        BitSet common = null;
        for (int predecessor : predecessors.get(i)) {
          BitSet before = dominators.get(predecessor);
          if (before.isEmpty()) {
            continue;
          }
          if (common == null) {
            common = (BitSet) before.clone();
          } else {
            common.and(before);
          }
        }
        if (common == null) {
          continue;
        }
        common.set(i);
        if (!common.equals(dominators.get(i))) {
          dominators.set(i, common);
          changed = true;
        }
      }
    }
    return dominators;
  }

  private Loop loop(boolean innermost, BitSet body) {
    List<Instruction> code = new ArrayList<>();
    List<String> calls = new ArrayList<>();
    body.stream().forEach(block -> code.addAll(blocks.get(block)));
    for (Instruction instruction : code) {
      if (instruction.isCall()) {
        calls.add(
            method
                .callees()
                .getOrDefault(instruction.offset(), "at 0x%x".formatted(instruction.offset())));
      }
    }
    return new Loop(innermost, code, calls);
  }
}
