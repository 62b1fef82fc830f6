package io.github.bunvec.kernels.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelSourceTest {

  static List<String> names() throws IOException, URISyntaxException {
    return CudaFiles.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void opensWithItsContract(String name) throws IOException, URISyntaxException {
    String text = CudaFiles.read(name + ".cu");
    assertTrue(text.startsWith("/*"), name);
    String contract = text.substring(0, text.indexOf("*/")).replaceAll("[\\s*]+", " ");
    for (String word : List.of("Requires", "Grid", "Block", "Shared", "ompute capability")) {
      assertTrue(contract.contains(word), name + ".cu does not say: " + word);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void includesNothingAndHasTheSharedPartInFront(String name) throws Exception {
    KernelSource source = KernelSource.load(name);
    assertEquals(name, source.name());
    assertTrue(source.text().startsWith("#line 1 \"common.cuh\"\n"));
    assertTrue(
        source.text().endsWith("#line 1 \"" + name + ".cu\"\n" + CudaFiles.read(name + ".cu")));
    assertFalse(source.text().contains("#include"));
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertEquals(
        "there is no kernel file gemm.cu",
        assertThrows(IllegalArgumentException.class, () -> KernelSource.load("gemm")).getMessage());
  }

  @Test
  void numbersActivationsAsTheEngineDoes() throws IOException, URISyntaxException {
    assertEquals(names(Activation.values()), constants("activation.cu", "Activation"));
  }

  @Test
  void numbersPoolingModesAsTheLoaderDoes() throws IOException, URISyntaxException {
    assertEquals(names(PoolingMode.values()), constants("pool.cu", "PoolingMode"));
  }

  private static List<String> names(Enum<?>[] constants) {
    return Stream.of(constants).map(Enum::name).toList();
  }

  private static List<String> constants(String file, String name)
      throws IOException, URISyntaxException {
    Matcher matcher =
        Pattern.compile("enum " + name + " \\{([^}]*)}").matcher(CudaFiles.read(file));
    assertTrue(matcher.find(), file + " has no enum " + name);
    return Arrays.stream(matcher.group(1).split(",", -1)).map(String::strip).toList();
  }
}
