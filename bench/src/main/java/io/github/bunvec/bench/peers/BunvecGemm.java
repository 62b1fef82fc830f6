package io.github.bunvec.bench.peers;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.TensorView;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/**
 * bunvec's linear layers as the engine runs them: a pass of the backend {@code cpu} that looks the
 * rows up, runs the layers and takes the mean. Rows belong to sequences of up to 32 tokens, so that
 * the engine divides them among threads as it does a batch of sentences.
 */
final class BunvecGemm extends GemmTask implements ForwardPass {

  private static final int SEQUENCE = 32;

  private final GemmWork work;
  private final Backend backend;
  private final EmbeddingTables tables;
  private final LayerNorm norm;
  private final List<Linear> layers = new ArrayList<>();
  private final PackedBatch batch;
  private final float[][] out;
  private final Slot in;
  private final Slot product;
  private final Slot mean;

  BunvecGemm(GemmWork work, WeightType type, int threads) {
    this.work = work;
    backend = cpu().create(new BackendOptions(type, threads));
    int k = work.k();
    float[] zeros = new float[k];
    float[] ones = new float[k];
    Arrays.fill(ones, 1f);
    tables =
        backend.embeddings(
            tensor(work.rows(), work.m(), k), tensor(zeros, 1, k), tensor(zeros, 1, k));
    norm = backend.layerNorm(tensor(ones, k), tensor(zeros, k), 0);
    for (float[] weight : work.weights()) {
      layers.add(
          backend.linear(
              List.of(tensor(weight, work.n(), k)), List.of(tensor(work.bias(), work.n()))));
    }
    batch = batch(work.m());
    out = new float[batch.sequences()][];
    in = Slot.of(Slot.Rows.TOKENS, 0, k);
    product = Slot.of(Slot.Rows.TOKENS, in.end(), work.n());
    mean = Slot.of(Slot.Rows.SEQUENCES, 0, work.n());
  }

  private static BackendProvider cpu() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals("cpu"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the engine has no backend cpu"));
  }

  private static PackedBatch batch(int rows) {
    int[] ids = new int[rows];
    Arrays.setAll(ids, i -> i);
    int sequences = Math.ceilDiv(rows, SEQUENCE);
    int[] borders = new int[sequences + 1];
    Arrays.setAll(borders, i -> Math.min(i * SEQUENCE, rows));
    return new PackedBatch(ids, new int[rows], borders, new int[sequences]);
  }

  private static TensorView tensor(float[] values, long... shape) {
    return new TensorView(
        "gemm", DType.F32, shape, MemorySegment.ofArray(values), Path.of("in memory"));
  }

  @Override
  void multiply() {
    backend.run(batch, this, out);
  }

  @Override
  float[] meanOfLast() {
    double[] sums = new double[work.n()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < sums.length; j++) {
        sums[j] += (double) out[i][j] * batch.length(i);
      }
    }
    float[] means = new float[work.n()];
    for (int j = 0; j < means.length; j++) {
      means[j] = (float) (sums[j] / work.m());
    }
    return means;
  }

  @Override
  public void run(Ops ops) {
    ops.embed(tables, norm, in);
    for (Linear layer : layers) {
      ops.linear(in, layer, Activation.NONE, product);
    }
    ops.pool(product, List.of(PoolingMode.MEAN), mean);
    ops.rows(mean);
  }

  @Override
  public int operations() {
    return layers.size() + 3;
  }

  @Override
  public int valuesPerToken() {
    return product.end();
  }

  @Override
  public int valuesPerSequence() {
    return mean.end();
  }

  @Override
  public void close() {
    backend.close();
  }
}
