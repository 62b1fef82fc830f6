package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** One of several that use a cache at once: each misses, reads and deletes what others write. */
final class CubinCacheProcess {

  private CubinCacheProcess() {}

  /** Uses the cache in the folder that is named and fails at the first remark. */
  public static void main(String[] arguments) {
    rounds(
        new CubinCache(Path.of(arguments[0])),
        200,
        remark -> {
          throw new IllegalStateException(remark);
        });
  }

  static void rounds(CubinCache cache, int rounds, Consumer<String> remarks) {
    for (int round = 0; round < rounds; round++) {
      CubinKey key = CubinCacheTest.key("k" + round % 10);
      byte[] made = CubinCacheTest.cubin(round % 10);
      if (!Arrays.equals(made, cache.get(key, () -> made, remarks))) {
        throw new IllegalStateException("another cubin in round " + round);
      }
      if (round % 7 == 0) {
        try {
          Files.deleteIfExists(cache.folder().resolve(key.fileName()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
