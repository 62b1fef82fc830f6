package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {

  /** {@code pickle.dumps} of such an object, as pickletools lists it. */
  @Test
  void picklesAreAsPythonWritesThem() {
    byte[] bytes =
        new Pickle()
            .global("m", "C")
            .emptyTuple()
            .newObject()
            .emptyDict()
            .mark()
            .text("a")
            .no()
            .text("b")
            .integers(1, -2)
            .setItems()
            .build()
            .toByteArray();
    assertEquals(
        "8002"
            + "636d0a430a"
            + "29"
            + "81"
            + "7d"
            + "28"
            + "580100000061"
            + "89"
            + "580100000062"
            + "28"
            + "4a01000000"
            + "4afeffffff"
            + "74"
            + "75"
            + "62"
            + "2e",
        HexFormat.of().formatHex(bytes));
  }

  @Test
  void everyTensorIsInTheArchiveInFp32AndBf16(@TempDir Path folder) throws Exception {
    BertShape shape = BertShape.named("tiny");
    TorchBert bert = TorchBert.of(shape);
    int count = bert.parameters().stream().mapToInt(TorchBert.Parameter::count).sum();
    // The row of token type 1 is in no tensor, that of type 0 in the positions.
    int all = shape.tensors().values().stream().mapToInt(TorchArchiveTest::product).sum();
    assertEquals(all - 2 * shape.hidden(), count);
    for (boolean bf16 : new boolean[] {false, true}) {
      Path file = folder.resolve("bert" + bf16 + ".pt");
      TorchArchive.write(bert, bf16, file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        long bytes = 0;
        for (int i = 0; i < bert.parameters().size(); i++) {
          bytes += zip.getEntry("bert/data/" + i).getSize();
        }
        assertEquals((bf16 ? 2L : 4L) * count, bytes);
        String source = text(zip, "bert/code/__torch__.py");
        for (TorchBert.Parameter parameter : bert.parameters()) {
          assertTrue(source.contains("self." + parameter.name()), parameter.name());
        }
      }
    }
  }

  @Test
  void queryKeyAndValueAreStacked() {
    TorchBert bert = TorchBert.of(BertShape.named("tiny"));
    TorchBert.Parameter stacked =
        bert.parameters().stream()
            .filter(p -> p.name().equals("l1_qkv_w"))
            .findFirst()
            .orElseThrow();
    assertArrayEquals(new int[] {192, 64}, stacked.dims());
    float[] key = RandomModel.values("encoder.layer.1.attention.self.key.weight", 64, 64);
    float[] found = new float[64 * 64];
    System.arraycopy(bert.values(stacked), 64 * 64, found, 0, found.length);
    assertArrayEquals(key, found);
  }

  @Test
  void valuesAreLittleEndian(@TempDir Path folder) throws Exception {
    TorchBert bert = TorchBert.of(BertShape.named("tiny"));
    Path file = folder.resolve("bert.pt");
    TorchArchive.write(bert, false, file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("bert/data/0")).readAllBytes();
      float first = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat();
      assertEquals(bert.values(bert.parameters().getFirst())[0], first);
    }
  }

  private static String text(ZipFile zip, String entry) throws Exception {
    byte[] bytes = zip.getInputStream(zip.getEntry(entry)).readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int product(int[] dims) {
    int product = 1;
    for (int dim : dims) {
      product *= dim;
    }
    return product;
  }
}
