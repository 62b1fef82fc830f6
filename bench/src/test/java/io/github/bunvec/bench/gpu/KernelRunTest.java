package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.gpu.KernelCase.Maker;
import io.github.bunvec.bench.gpu.LinearCases.Layer;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Product;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelRunTest {

  private static final Ceilings CEILINGS = new Ceilings(1 << 30, 4e12, 800e12, 50e12, 400e12);

  private static Settings settings() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Settings(0, 64, 16, List.of("tiny"), 3, 0.01, 2, nowhere);
  }

  /** Every file of kernels there is; accumulate is the timer's cover, too. */
  private static final Set<String> FILES =
      Set.of(
          "accumulate",
          "activation",
          "add_layer_norm",
          "attention",
          "attention_any",
          "cast",
          "embed",
          "normalize",
          "pool");

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void everyKernelHasARow(ElementType type) {
    FakeGpu gpu = new FakeGpu();
    try (GraphTimer timer = new GraphTimer(gpu, 3, 1 << 16)) {
      Table table =
          new KernelRun(gpu, timer, new Sets(1 << 16), settings(), CEILINGS).table("tiny", type);
      assertEquals(12, table.rows().size());
      // A launch takes as long as the fake says: covers and refreshments are not measured.
      table.rows().forEach(row -> assertEquals("1.00 µs", row.get(1).text(), row.toString()));
    }
    Set<String> files = new TreeSet<>();
    Set<String> entries = new TreeSet<>();
    gpu.launched.forEach(
        name -> {
          files.add(name.substring(0, name.indexOf('/')));
          entries.add(name.substring(name.indexOf('/') + 1));
        });
    assertEquals(FILES, files);
    String suffix = type.suffix();
    assertTrue(
        entries.containsAll(
            List.of("attention_32_" + suffix, "add_layer_norm_" + suffix, "layer_norm_" + suffix)),
        entries.toString());
    assertEquals(0, gpu.allocations());
    assertEquals(0, gpu.openStreams);
    assertEquals(0, gpu.openGraphs);
  }

  @Test
  void everySetHasItsTurn() {
    FakeGpu gpu = new FakeGpu();
    KernelCases cases =
        new KernelCases(gpu, BertShape.named("tiny"), ElementType.BF16, 64, 16, new Sets(1 << 18));
    for (Maker maker : cases.all()) {
      try (DeviceData data = new DeviceData(gpu)) {
        KernelCase kernel = maker.make(data);
        assertTrue((double) kernel.sets() * kernel.setBytes() >= 1 << 18, kernel.name());
        int[] turns = new int[kernel.sets()];
        KernelCase counted =
            new KernelCase(
                kernel.name(),
                kernel.work(),
                kernel.sets(),
                kernel.setBytes(),
                (stream, set) -> {
                  turns[set]++;
                  kernel.launch().queue(stream, set);
                },
                null);
        try (GraphTimer timer = new GraphTimer(gpu, 1, 4096)) {
          timer.nanos(counted, 8);
        }
        turns[0]--; // once by itself
        for (int turn : turns) {
          assertEquals(Math.ceilDiv(8, kernel.sets()), turn, kernel.name());
        }
      }
    }
  }

  @Test
  void linearLayersArePreparedAndOnDataOfTheirOwn() {
    FakeGpu gpu = new FakeGpu();
    try (GraphTimer timer = new GraphTimer(gpu, 1, 4096);
        DeviceData data = new DeviceData(gpu)) {
      for (Layer layer : LinearCases.of(BertShape.named("tiny"))) {
        List<Product> products = LinearCases.products(data, ElementType.F32, layer, 64, 3);
        assertEquals(3, products.stream().map(Product::w).distinct().count());
        KernelCase linear = LinearCases.prepared(gpu, layer, products);
        assertEquals(FakeGpu.NANOS_OF_LAUNCH, timer.nanos(linear, 4));
      }
    }
  }
}
