package io.github.bunvec.bench.peers;

import io.github.bunvec.engine.spi.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Bare matrix products of BERT-base's shapes. */
final class GemmContests {

  /** What reports call all of them. */
  static final String SECTION = "matrix products";

  private static final int[][] SHAPES = {{768, 768}, {2304, 768}, {3072, 768}, {768, 3072}};

  private GemmContests() {}

  /** Runs all shapes with each number of rows. */
  static void all(List<Integer> rows, Set<Runtimes> runtimes, int threads, Consumer<Contest> run) {
    for (int[] shape : SHAPES) {
      for (int m : rows) {
        one(m, shape[0], shape[1], runtimes, threads, run);
      }
    }
  }

  /** Runs one shape: m rows, n outputs, k inputs. */
  static void one(int m, int n, int k, Set<Runtimes> runtimes, int threads, Consumer<Contest> run) {
    GemmWork work = GemmWork.of(m, n, k);
    List<Contender> contenders = new ArrayList<>();
    own(contenders, "bunvec FP32", Agreement.FP32, new BunvecGemm(work, WeightType.FP32, threads));
    own(
        contenders,
        "bunvec BF16 weights",
        Agreement.BF16,
        new BunvecGemm(work, WeightType.BF16, threads));
    if (runtimes.contains(Runtimes.OPENBLAS)) {
      peer(contenders, "OpenBLAS", Agreement.FP32, new OpenBlasGemm(work, threads));
    }
    if (runtimes.contains(Runtimes.ONEDNN)) {
      peer(contenders, "oneDNN FP32", Agreement.FP32, new OneDnnGemm(work, false, threads));
      peer(contenders, "oneDNN BF16", Agreement.BF16, new OneDnnGemm(work, true, threads));
    }
    String name = n + "x" + k + ", " + m + (m == 1 ? " row" : " rows");
    try (Contest contest = new Contest(SECTION, name, work.flops(), m, m, false, contenders)) {
      run.accept(contest);
    }
  }

  private static void own(List<Contender> all, String name, Agreement agreement, Task task) {
    all.add(new Contender(name, true, agreement, task, new int[0][]));
  }

  private static void peer(List<Contender> all, String name, Agreement agreement, Task task) {
    all.add(new Contender(name, false, agreement, task, new int[0][]));
  }
}
