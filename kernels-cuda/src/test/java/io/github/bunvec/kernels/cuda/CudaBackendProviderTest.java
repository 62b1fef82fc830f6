package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.nvidia.CudaMachine;
import io.github.bunvec.kernels.cuda.nvidia.StandInGpus;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaBackendProviderTest {

  @TempDir Path root;

  private String reason(String system, String architecture) {
    return new CudaBackendProvider(
            new DriverFiles(system, architecture, root),
            () -> {
              throw new AssertionError("libraries are not loaded where files tell enough");
            })
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
    assertEquals(
        "CUDA needs Linux on x86-64, this is Mac OS X on aarch64, or use the backend cpu",
        reason("Mac OS X", "aarch64"));
    assertEquals(
        "CUDA needs Linux on x86-64, this is Linux on aarch64, or use the backend cpu",
        reason("Linux", "aarch64"));
  }

  @Test
  void namesTheMissingDriver() {
    assertEquals(
        "no NVIDIA driver is loaded (/dev/nvidiactl does not exist); install it, or use the backend cpu",
        reason("Linux", "amd64"));
  }

  @Test
  void namesTheMissingDevice() throws IOException {
    Files.createDirectories(root.resolve("proc/driver/nvidia"));
    assertEquals(
        "the NVIDIA driver is loaded, but /dev/nvidiactl does not exist; give the container access to"
            + " the GPU, or use the backend cpu",
        reason("Linux", "amd64"));
  }

  private CudaBackendProvider withDriver(Supplier<CudaMachine> search) throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/nvidiactl"));
    return new CudaBackendProvider(new DriverFiles("Linux", "amd64", root), search);
  }

  private static BackendOptions options(Arithmetic arithmetic, String parameters) {
    return new BackendOptions(WeightType.FP32, arithmetic, 0, parameters);
  }

  /** All the way, but for the kernels' compiler and the hardware. */
  @Test
  void makesABackendOfTheGpusThatWereNamed() throws IOException {
    try (StandInGpus gpus = StandInGpus.start(512L << 20)) {
      CudaBackendProvider provider = withDriver(StandInGpus::machine);
      assertEquals(Optional.empty(), provider.unavailableReason());
      try (Backend backend = provider.create(options(Arithmetic.FP32, ""))) {
        assertEquals("cuda, Stand-in (cuda:0), 2 streams, FP32 arithmetic", backend.description());
      }
      try (Backend backend = provider.create(options(Arithmetic.AUTO, "1,0,gelu=tanh,tokens=64"))) {
        assertEquals(
            "cuda, Stand-in (cuda:1), Stand-in (cuda:0), 4 streams, BF16 arithmetic, GELU approximated by tanh",
            backend.description());
        assertEquals(Arithmetic.BF16, backend.arithmetic());
      }
      try (Backend backend = provider.create(options(Arithmetic.TF32, "0"))) {
        assertEquals(Arithmetic.TF32, backend.arithmetic());
      }
      BackendOptions unknown = options(Arithmetic.FP32, "7");
      assertThrows(IllegalArgumentException.class, () -> provider.create(unknown));
      assertEquals(Map.of(), gpus.driver().live());
    }
  }

  @Test
  void tellsWhatTheLibrariesLack() throws IOException {
    CudaBackendProvider provider =
        withDriver(
            () -> {
              throw new GpuException("libcublasLt.so.13 is missing");
            });
    String reason = "libcublasLt.so.13 is missing, or use the backend cpu";
    assertEquals(Optional.of(reason), provider.unavailableReason());
    BackendOptions options = options(Arithmetic.FP32, "");
    assertEquals(
        reason,
        assertThrows(IllegalStateException.class, () -> provider.create(options)).getMessage());
  }

  @Test
  void parametersAreReadBeforeAnythingElse() {
    BackendOptions options = options(Arithmetic.FP32, "tokens=one");
    assertThrows(IllegalArgumentException.class, () -> new CudaBackendProvider().create(options));
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
