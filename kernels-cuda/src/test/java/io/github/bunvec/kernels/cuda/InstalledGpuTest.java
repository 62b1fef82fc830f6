package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** When tests on a GPU may be skipped. */
class InstalledGpuTest {

  @TempDir Path root;

  private Optional<String> skipped(Map<String, String> environment) {
    return InstalledGpu.skipped(new DriverFiles("Linux", "amd64", root), environment);
  }

  @Test
  void withoutADriverTheyAre() {
    String reason = skipped(Map.of()).orElseThrow();
    assertTrue(reason.contains("no NVIDIA driver"), reason);
  }

  @Test
  void whereThereMustBeAGpuItsAbsenceFails() {
    AssertionFailedError failed =
        assertThrows(AssertionFailedError.class, () -> skipped(Map.of("BUNVEC_GPU", "1")));
    assertTrue(failed.getMessage().contains("BUNVEC_GPU is set"), failed.getMessage());
  }

  @Test
  void withADriverTheyAreRun() throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/nvidiactl"));
    assertEquals(Optional.empty(), skipped(Map.of()));
  }
}
