package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.cpu.kernel.CompiledMethod.Loop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What C2 makes of the kernels: the machine code holds the fused multiply-adds of the tile and
 * nothing that has no place in a hot loop.
 *
 * <p>A loop that spills, checks every index or boxes a vector gives the right results at half the
 * speed or far less; no other test would see it. Each width runs in a JVM of its own, as in use: a
 * JVM that has seen vectors of two widths boxes those of the second.
 */
class CodeGenerationTest {

  /**
   * A register tile.
   *
   * @param method its class and name
   * @param fusedMultiplyAdds how many a step has
   * @param spills moves between vector registers and the stack, at most, for each fused
   *     multiply-add
   */
  private record Tile(String method, int fusedMultiplyAdds, double spills) {

    /** Of a linear layer. */
    Tile(Class<?> type, int rows, int vectors, double spills) {
      this(type.getName() + "::rows" + rows, rows * vectors, spills);
    }

    /** Of attention. */
    Tile(Class<?> type, String name, int fusedMultiplyAdds) {
      this(type.getName() + "::" + name, fusedMultiplyAdds, 0);
    }
  }

  private static final List<Tile> TILES_512 =
      Stream.concat(tiles(Fp32Tiles512.class, 6, 4), tiles(Bf16Tiles512.class, 5, 4)).toList();

  private static final List<Tile> ATTENTION_512 =
      List.of(
          new Tile(AttentionTiles512.class, "scores32", 16),
          new Tile(AttentionTiles512.class, "scores16", 8),
          new Tile(AttentionTiles512.class, "context8", 16));

  private static final List<Tile> TILES_256 =
      Stream.concat(tiles(Fp32Tiles256.class, 4, 2), tiles(Bf16Tiles256.class, 4, 2)).toList();

  private static final List<Tile> ATTENTION_256 =
      List.of(new Tile(AttentionTiles256.class, "context4", 8));

  private static final List<Tile> TILES_128 =
      Stream.concat(tiles(Fp32Tiles128.class, 6, 4), tiles(Bf16Tiles128.class, 5, 4)).toList();

  private static final List<Tile> ATTENTION_128 =
      List.of(new Tile(AttentionTiles128.class, "context4", 16));

  /**
   * The lower tiles C2 unrolls four times, and sixteen registers are too few for that. The bounds
   * are what JDK 25.0.3 makes of them; what spills more fails here.
   */
  private static final List<Tile> TILES_256_OF_16_REGISTERS =
      List.of(
          new Tile(Fp32Tiles256.class, 4, 2, 0),
          new Tile(Fp32Tiles256.class, 3, 2, 12.0 / 24),
          new Tile(Fp32Tiles256.class, 2, 2, 4.0 / 16),
          new Tile(Fp32Tiles256.class, 1, 2, 0),
          new Tile(Bf16Tiles256.class, 4, 2, 0),
          new Tile(Bf16Tiles256.class, 3, 2, 14.0 / 24),
          new Tile(Bf16Tiles256.class, 2, 2, 6.0 / 16),
          new Tile(Bf16Tiles256.class, 1, 2, 0));

  @TempDir static Path directory;

  private static PrintingJvm vectors512;
  private static PrintingJvm vectors256;
  private static PrintingJvm vectors256Of16Registers;
  private static PrintingJvm vectors128;

  /** They run side by side: ten seconds of one processor in all. */
  @BeforeAll
  static void start() throws Exception {
    vectors512 = new PrintingJvm(directory, 3, List.of(), "512", "elementwise", "bad-512");
    vectors256 = new PrintingJvm(directory, 3, List.of(), "256");
    vectors256Of16Registers =
        new PrintingJvm(
            directory, 2, List.of("-XX:UseAVX=2"), "256", "elementwise", "bad-256", "bad");
    vectors128 = new PrintingJvm(directory, 3, List.of("-XX:MaxVectorSize=16"), "128");
  }

  @AfterAll
  static void stop() {
    Stream.of(vectors512, vectors256, vectors256Of16Registers, vectors128)
        .forEach(PrintingJvm::close);
  }

  private static Stream<Tile> tiles(Class<?> type, int most, int vectors) {
    return IntStream.rangeClosed(1, most).mapToObj(rows -> new Tile(type, rows, vectors, 0));
  }

  @Test
  void tilesOf512BitsStayInRegisters() throws Exception {
    check(vectors512, TILES_512);
    check(vectors512, ATTENTION_512);
  }

  @Test
  void tilesOf256BitsStayInThirtyTwoRegisters() throws Exception {
    check(vectors256, TILES_256);
    check(vectors256, ATTENTION_256);
  }

  @Test
  void tallestTilesOf256BitsStayInSixteenRegisters() throws Exception {
    check(vectors256Of16Registers, TILES_256_OF_16_REGISTERS);
    check(vectors256Of16Registers, ATTENTION_256);
  }

  @Test
  void tilesOf128BitsStayInRegisters() throws Exception {
    check(vectors128, TILES_128);
    check(vectors128, ATTENTION_128);
  }

  @Test
  void elementwiseLoopsOf512BitsCallNothing() throws Exception {
    checkElementwise(vectors512);
  }

  @Test
  void elementwiseLoopsOf256BitsCallNothing() throws Exception {
    checkElementwise(vectors256Of16Registers);
  }

  @Test
  void spillsAreSeen() throws Exception {
    assertFaults("[0-9]+ spills, allowed 0", vectors256Of16Registers, "spills12", 12);
    assertFaults(
        "12 fused multiply-adds, expected a multiple of 8, [0-9]+ spills, allowed 0",
        vectors256Of16Registers,
        "spills12",
        8);
  }

  @Test
  void spillsOf512BitsAreSeen() throws Exception {
    assertFaults("[0-9]+ spills, allowed 0", vectors512, "spills28", 28);
  }

  @Test
  void boxedVectorsAreSeen() throws Exception {
    List<Loop> loops = innermost(vectors256Of16Registers, "boxes");
    assertTrue(
        loops.stream().anyMatch(loop -> loop.calls().contains("C2 Runtime new_instance")),
        loops::toString);
  }

  @Test
  void checkedIndicesAreSeen() throws Exception {
    assertFaults(
        "[0-9]+ compares and [0-9]+ branches, expected 1 of each",
        vectors256Of16Registers,
        "checksEveryIndex",
        1);
  }

  private static void check(PrintingJvm jvm, List<Tile> tiles) throws Exception {
    List<CompiledMethod> methods = jvm.methods();
    assertAll(tiles.stream().map(tile -> () -> check(methods, tile)));
  }

  /** All loops count, also the one that C2 puts behind an unrolled one for what is left. */
  private static void check(List<CompiledMethod> methods, Tile tile) {
    for (CompiledMethod method : named(methods, tile.method())) {
      List<Loop> loops = method.innermostWithFusedMultiplyAdds();
      assertFalse(loops.isEmpty(), tile.method() + " has no loop with fused multiply-adds");
      for (Loop loop : loops) {
        assertEquals(
            List.of(),
            faults(loop, tile.fusedMultiplyAdds(), tile.spills()),
            () -> tile.method() + ", " + loop);
      }
    }
  }

  /** What is wrong with a loop; for spills see {@link Tile}. */
  private static List<String> faults(Loop loop, int fusedMultiplyAdds, double spills) {
    List<String> faults = new ArrayList<>();
    if (loop.fusedMultiplyAdds() % fusedMultiplyAdds != 0) {
      faults.add(
          loop.fusedMultiplyAdds()
              + " fused multiply-adds, expected a multiple of "
              + fusedMultiplyAdds);
    }
    int allowed = (int) Math.round(spills * loop.fusedMultiplyAdds());
    if (loop.spills() > allowed) {
      faults.add(loop.spills() + " spills, allowed " + allowed);
    }
    if (!loop.calls().isEmpty()) {
      faults.add("calls " + loop.calls());
    }
    // The end of the loop; a second one checks an index, which should happen before it.
    if (loop.compares() != 1 || loop.branches() != 1) {
      faults.add(
          "%d compares and %d branches, expected 1 of each"
              .formatted(loop.compares(), loop.branches()));
    }
    return faults;
  }

  /** No call means no boxed vector either: every allocation has a path that calls the JVM. */
  private static void checkElementwise(PrintingJvm jvm) throws Exception {
    List<CompiledMethod> methods = jvm.methods();
    assertAll(
        Stream.of(
                Activations.class.getName() + "::gelu",
                LayerNormPair.class.getName() + "::addAndSum",
                LayerNormPair.class.getName() + "::sumOfSquares",
                LayerNormPair.class.getName() + "::addAndNormalize",
                RowSums.class.getName() + "::addAndSum",
                HeadPacking.class.getName() + "::interleave4",
                HeadPacking.class.getName() + "::copy",
                Softmax.class.getName() + "::maximum",
                Softmax.class.getName() + "::exponentials",
                Softmax.class.getName() + "::halfSum",
                RowSums.class.getName() + "::sum",
                RowSums.class.getName() + "::squares",
                LayerNormKernel.class.getName() + "::normalize")
            .map(
                name ->
                    () -> {
                      List<Loop> loops = new ArrayList<>();
                      named(methods, name).forEach(method -> loops.addAll(method.loops()));
                      assertTrue(
                          loops.stream().anyMatch(Loop::hasVectors),
                          () -> name + " has no loop with vectors: " + loops);
                      loops.forEach(
                          loop -> assertEquals(List.of(), loop.calls(), () -> name + ", " + loop));
                    }));
  }

  private static void assertFaults(
      String expected, PrintingJvm jvm, String method, int fusedMultiplyAdds) throws Exception {
    List<Loop> loops = innermost(jvm, method);
    List<String> faults =
        loops.stream().map(loop -> String.join(", ", faults(loop, fusedMultiplyAdds, 0))).toList();
    assertTrue(
        faults.stream().anyMatch(fault -> fault.matches(expected)),
        () -> faults + " of " + loops + ", expected " + expected);
  }

  private static List<Loop> innermost(PrintingJvm jvm, String method) throws Exception {
    List<CompiledMethod> methods = named(jvm.methods(), BadKernels.class.getName() + "::" + method);
    return methods.getFirst().innermostWithFusedMultiplyAdds();
  }

  /** One, or several that differ in their parameters. */
  private static List<CompiledMethod> named(List<CompiledMethod> methods, String name) {
    List<CompiledMethod> found = methods.stream().filter(m -> m.name().equals(name)).toList();
    assertFalse(
        found.isEmpty(),
        () ->
            name
                + " was not compiled; the JVM printed "
                + methods.stream().map(CompiledMethod::name).toList());
    return found;
  }
}
