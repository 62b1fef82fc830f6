package io.github.bunvec.engine.cpu.kernel;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What C2 made of a method, as {@code -XX:CompileCommand=print} shows it without a disassembler.
 *
 * @param name class and method: {@code a.b.C::m}
 * @param code the instructions
 * @param callees what calls go to, as far as the JVM says it, by the call's offset
 */
record CompiledMethod(String name, List<Instruction> code, Map<Integer, String> callees) {

  private static final Pattern HEADER =
      Pattern.compile("^Compiled method \\(c2\\).* (\\S+::\\S+) (@ \\d+ )?\\(\\d+ bytes\\)$");

  /** {@code # {method} {0x..} 'name' '(I[F)V' in 'a/b/C'}: tells overloads apart. */
  private static final Pattern SIGNATURE =
      Pattern.compile("^ +# \\{method\\} \\{0x\\p{XDigit}+\\} '[^']+' '([^']+)' in '[^']+'$");

  private static final Pattern CODE =
      Pattern.compile("^ +0x(\\p{XDigit}+): ((?:\\p{XDigit}{2}|[ |])+)$");

  private static final Pattern CALL =
      Pattern.compile("^ +0x(\\p{XDigit}+): ; +\\{runtime_call (.*)\\}$");

  /**
   * Reads what a JVM printed.
   *
   * @return the last compilation of each method; none on-stack
   */
  static Collection<CompiledMethod> parse(List<String> lines) {
    Map<String, CompiledMethod> last = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher header = HEADER.matcher(lines.get(i));
      if (!header.matches() || header.group(2) != null) {
        continue;
      }
      int begin = i + lines.subList(i, lines.size()).indexOf("[MachCode]");
      int end = i + lines.subList(i, lines.size()).indexOf("[/MachCode]");
      if (begin < i || end < begin) {
        throw new IllegalArgumentException(
            "no [MachCode] .. [/MachCode] behind '" + lines.get(i) + "'");
      }
      List<String> block = lines.subList(begin, end);
      last.put(header.group(1) + signature(block), of(header.group(1), block));
      i = end;
    }
    return last.values();
  }

  private static String signature(List<String> block) {
    for (String line : block) {
      Matcher matcher = SIGNATURE.matcher(line);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    return "";
  }

  private static CompiledMethod of(String name, List<String> block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Map<Integer, String> announced = new HashMap<>();
    long base = -1;
    for (String line : block) {
      Matcher call = CALL.matcher(line);
      if (call.matches() && base >= 0) {
        announced.put((int) (Long.parseLong(call.group(1), 16) - base), call.group(2));
      }
      Matcher hex = CODE.matcher(line);
      if (!hex.matches()) {
        continue;
      }
      long address = Long.parseLong(hex.group(1), 16);
      base = base < 0 ? address : base;
      if (address != base + bytes.size()) {
        throw new IllegalArgumentException(
            name + ": code goes on at " + hex.group(1) + ", expected " + (base + bytes.size()));
      }
      bytes.writeBytes(HexFormat.of().parseHex(hex.group(2).replaceAll("[ |]", "")));
    }
    List<Instruction> code = InstructionDecoder.decode(bytes.toByteArray());
    return new CompiledMethod(name, code, callees(code, announced));
  }

  /** A call is announced before its instruction, or before the vzeroupper in front of it. */
  private static Map<Integer, String> callees(
      List<Instruction> code, Map<Integer, String> announced) {
    Map<Integer, String> callees = new HashMap<>();
    String name = null;
    for (Instruction instruction : code) {
      for (int i = instruction.offset(); i < instruction.end(); i++) {
        name = announced.getOrDefault(i, name);
      }
      if (name != null && (instruction.isCall() || instruction.isEnd())) {
        callees.put(instruction.offset(), name);
        name = null;
      }
    }
    return callees;
  }

  /** Its loops, outer ones too. */
  List<Loop> loops() {
    return new LoopFinder(this).loops();
  }

  /** Its loops that contain no other and do arithmetic of the kind micro-kernels consist of. */
  List<Loop> innermostWithFusedMultiplyAdds() {
    List<Loop> found = new ArrayList<>();
    for (Loop loop : loops()) {
      if (loop.innermost() && loop.fusedMultiplyAdds() > 0) {
        found.add(loop);
      }
    }
    return found;
  }

  /**
   * The instructions that may run between two passes of a loop's head, wherever they stand.
   *
   * @param innermost whether it contains no other loop
   * @param code the instructions
   * @param calls what it calls
   */
  record Loop(boolean innermost, List<Instruction> code, List<String> calls) {

    int fusedMultiplyAdds() {
      return (int) code.stream().filter(Instruction::isFusedMultiplyAdd).count();
    }

    int spills() {
      return (int) code.stream().filter(Instruction::isSpill).count();
    }

    int compares() {
      return (int) code.stream().filter(Instruction::isCompare).count();
    }

    int branches() {
      return (int) code.stream().filter(Instruction::isConditionalJump).count();
    }

    boolean hasVectors() {
      return code.stream().anyMatch(Instruction::isVector);
    }

    @Override
    public String toString() {
      return "loop at 0x%x: %d instructions, %d fused multiply-adds, %d spills, %d compares, %d branches, calls %s"
          .formatted(
              code.getFirst().offset(),
              code.size(),
              fusedMultiplyAdds(),
              spills(),
              compares(),
              branches(),
              calls);
    }
  }
}
