package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaBackendProviderTest {

  @TempDir Path root;

  private String reason(String system) {
    return new CudaBackendProvider(new NvidiaDriver(system, root))
        .unavailableReason()
        .orElseThrow();
  }

  @Test
  void isAServiceOnTheModulePathAndOnTheClassPath() throws IOException, URISyntaxException {
    // Tests run on the class path: the descriptor is read where the classes are.
    Path classes =
        Path.of(
            CudaBackendProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module =
        ModuleFinder.of(classes).find("io.github.bunvec.kernels.cuda").orElseThrow().descriptor();
    assertTrue(
        module.provides().stream()
            .anyMatch(
                service ->
                    service.service().equals(BackendProvider.class.getName())
                        && service
                            .providers()
                            .equals(List.of(CudaBackendProvider.class.getName()))));
    try (InputStream in =
        CudaBackendProvider.class.getResourceAsStream(
            "/META-INF/services/" + BackendProvider.class.getName())) {
      assertNotNull(in);
      assertEquals(
          CudaBackendProvider.class.getName(),
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
  }

  @Test
  void namesAnotherSystem() {
    assertEquals("CUDA needs Linux, this is Mac OS X; use the backend cpu", reason("Mac OS X"));
  }

  @Test
  void namesTheMissingDriver() {
    assertTrue(reason("Linux").startsWith("no NVIDIA driver is loaded"), reason("Linux"));
  }

  @Test
  void namesTheMissingDevice() throws IOException {
    Files.createDirectories(root.resolve("proc/driver/nvidia"));
    assertTrue(reason("Linux").contains("/dev/nvidiactl does not exist"), reason("Linux"));
  }

  @Test
  void saysSoWhereNothingElseIsMissing() throws IOException {
    Files.createDirectories(root.resolve("proc/driver/nvidia"));
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/nvidiactl"));
    assertTrue(reason("Linux").contains("does not drive GPUs yet"), reason("Linux"));
  }

  @Test
  void refusesToCreateWithTheReason() {
    CudaBackendProvider provider = new CudaBackendProvider();
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> provider.create(new BackendOptions(WeightType.FP32, 1)));
    assertEquals(provider.unavailableReason().orElseThrow(), refused.getMessage());
  }
}
