package io.github.bunvec.kernels.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class NvrtcLibraryTest {

  @TempDir Path root;

  private Path library(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  private Path find(String... environment) {
    Map<String, String> variables =
        switch (environment.length) {
          case 0 -> Map.of();
          case 2 -> Map.of(environment[0], environment[1]);
          default -> Map.of(environment[0], environment[1], environment[2], environment[3]);
        };
    return new NvrtcLibrary(variables, root).find();
  }

  private String refusal(String... environment) {
    return assertThrows(NvrtcException.class, () -> find(environment)).getMessage();
  }

  @Test
  void takesTheNewestToolkit() throws IOException {
    library("usr/local/cuda-12.9/lib64/libnvrtc.so.12");
    library("usr/local/cuda-9.2/lib64/libnvrtc.so.9.2");
    Path newest = library("usr/local/cuda-13.0/lib64/libnvrtc.so.13");
    library("usr/local/cuda-12/lib64/libnvrtc.so.12");
    library("usr/local/cuda-old/lib64/libnvrtc.so.12");
    library("usr/lib64/libnvrtc.so.13");
    assertEquals(newest, find());
    Path chosen = library("usr/local/cuda/lib64/libnvrtc.so.12");
    assertEquals(chosen, find());
  }

  @Test
  void prefers13To12InAFolder() throws IOException {
    library("usr/lib64/libnvrtc.so.12");
    Path newer = library("usr/lib64/libnvrtc.so.13");
    assertEquals(newer, find());
  }

  @Test
  void looksInTheLibraryPathFirst() throws IOException {
    library("usr/local/cuda/lib64/libnvrtc.so.13");
    Path home = library("home/lib64/libnvrtc.so.12");
    assertEquals(home, find("CUDA_HOME", root.resolve("home").toString()));
    Path own = library("own/libnvrtc.so.12");
    assertEquals(
        own,
        find(
            "LD_LIBRARY_PATH",
            ":" + root.resolve("none") + ":" + root.resolve("own") + ":",
            "CUDA_PATH",
            root.resolve("home").toString()));
  }

  @Test
  void findsWhatPipInstalled() throws IOException {
    Path of12 = library("twelve/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
    assertEquals(of12, find(NvrtcLibrary.VARIABLE, root.resolve("twelve").toString()));
    Path of13 = library("thirteen/nvidia/cu13/lib/libnvrtc.so.13");
    assertEquals(of13, find(NvrtcLibrary.VARIABLE, root.resolve("thirteen").toString()));
    assertEquals(of13, find(NvrtcLibrary.VARIABLE, of13.getParent().toString()));
  }

  @Test
  void saysWhereItLookedAndWhatToDo() {
    String message = refusal("LD_LIBRARY_PATH", "/own");
    assertTrue(
        message.startsWith(
            "NVRTC is missing: there is no libnvrtc.so.13 or libnvrtc.so.12 in /own, "
                + root.resolve("usr/local/cuda/lib64")),
        message);
    assertTrue(
        message.endsWith(
            "; install the CUDA toolkit, or NVRTC alone by 'python3 -m pip install --no-deps"
                + " --target DIR nvidia-cuda-nvrtc', and set BUNVEC_NVRTC to its folder"),
        message);
  }

  @Test
  void looksNowhereElseWhereAFolderIsNamed() throws IOException {
    library("usr/local/cuda/lib64/libnvrtc.so.13");
    String named = root.resolve("empty").toString();
    assertEquals(
        "BUNVEC_NVRTC is '"
            + named
            + "', but there is no libnvrtc.so.13 or libnvrtc.so.12 in "
            + String.join(
                ", ",
                named,
                named + "/lib64",
                named + "/lib",
                named + "/nvidia/cu13/lib",
                named + "/nvidia/cuda_nvrtc/lib")
            + "; name the folder that has it",
        refusal(NvrtcLibrary.VARIABLE, named));
  }

  @Test
  void refusesAFileThatIsNoLibrary() throws IOException {
    Path file = library("broken/libnvrtc.so.13");
    String message = assertThrows(NvrtcException.class, () -> new Nvrtc(file)).getMessage();
    assertTrue(message.startsWith(file + " was found, but cannot be loaded"), message);
  }

  /** Tests that compile are skipped where there is no NVRTC, and fail where a named one is not. */
  @Test
  void testsFailWhereANamedFolderHasNone() {
    String named = root.toString();
    assertThrows(
        NvrtcException.class, () -> InstalledNvrtc.orSkip(Map.of(NvrtcLibrary.VARIABLE, named)));
    try {
      InstalledNvrtc.orSkip(Map.of());
    } catch (TestAbortedException e) {
      assertTrue(e.getMessage().contains("tools/cuda/nvrtc.sh DIR"), e.getMessage());
    }
  }
}
