package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomValues;
import io.github.bunvec.bench.gpu.KernelCase.Launch;
import io.github.bunvec.bench.gpu.KernelCase.Maker;
import io.github.bunvec.bench.gpu.KernelWork.Rows;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.launch.Accumulate;
import io.github.bunvec.kernels.cuda.launch.Activate;
import io.github.bunvec.kernels.cuda.launch.AddLayerNorm;
import io.github.bunvec.kernels.cuda.launch.Attention;
import io.github.bunvec.kernels.cuda.launch.Cast;
import io.github.bunvec.kernels.cuda.launch.Embed;
import io.github.bunvec.kernels.cuda.launch.Matrix;
import io.github.bunvec.kernels.cuda.launch.Norm;
import io.github.bunvec.kernels.cuda.launch.Normalize;
import io.github.bunvec.kernels.cuda.launch.Pool;
import io.github.bunvec.loader.PoolingMode;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Every kernel at the sizes of a model, on sequences of equal length. */
final class KernelCases {

  private static final int LEAST_WORDS = 32_768; // of the table, as many as models have
  private static final int ANY_HEAD_WIDTH = 16; // one that attention.cu has not
  private static final float EPS = 1e-12f;

  private final Gpu gpu;
  private final BertShape shape;
  private final ElementType type;
  private final Rows rows;
  private final Sets sets;

  /**
   * Takes sizes.
   *
   * @param gpu the device
   * @param shape the model's
   * @param type what rows of tokens are kept in
   * @param tokens all of them
   * @param length of a sequence
   * @param sets decides how many sets of data there are
   */
  KernelCases(Gpu gpu, BertShape shape, ElementType type, int tokens, int length, Sets sets) {
    this.gpu = gpu;
    this.shape = shape;
    this.type = type;
    this.rows = new Rows(tokens, length, shape.hidden());
    this.sets = sets;
  }

  /** Returns all, in the order of a pass, those that no BERT with mean pooling runs behind them. */
  List<Maker> all() {
    return List.of(
        this::embed,
        data -> attention(data, shape.heads(), false),
        this::addLayerNorm,
        this::gelu,
        this::pool,
        data -> attention(data, shape.heads(), true),
        data -> attention(data, shape.hidden() / ANY_HEAD_WIDTH, false),
        this::layerNorm,
        this::accumulate,
        data -> cast(data, ElementType.F32, ElementType.BF16),
        data -> cast(data, ElementType.BF16, ElementType.F32),
        this::normalize);
  }

  /** What kernels read of the batch. */
  private record Borders(long shape, long cuSeqlens, long firstPooled) {

    /** Address of the number of tokens. */
    long tokens() {
      return shape;
    }

    /** Address of the number of sequences. */
    long sequences() {
      return shape + Integer.BYTES;
    }
  }

  private Borders borders(DeviceData data) {
    int[] cuSeqlens = new int[rows.sequences() + 1];
    Arrays.setAll(cuSeqlens, i -> i * rows.length());
    return new Borders(
        data.ints(rows.tokens(), rows.sequences()),
        data.ints(cuSeqlens),
        data.ints(new int[rows.sequences()]));
  }

  private Norm norm(DeviceData data) {
    int width = rows.hidden();
    return new Norm(
        width, data.random(ElementType.F32, width), data.random(ElementType.F32, width), EPS);
  }

  /** A matrix for each set. */
  private Matrix[] matrices(
      DeviceData data, int count, ElementType of, int most, int width, long rowCount) {
    long values = (long) most * width;
    long start = data.random(of, values * count);
    Matrix[] matrices = new Matrix[count];
    Arrays.setAll(
        matrices,
        i -> new Matrix(of, start + i * values * of.bytes(), width, width, most, rowCount));
    return matrices;
  }

  private Matrix[] tokens(DeviceData data, int count, ElementType of, int width, Borders borders) {
    return matrices(data, count, of, rows.tokens(), width, borders.tokens());
  }

  private Matrix[] sequences(DeviceData data, int count, Borders borders) {
    return matrices(
        data, count, ElementType.F32, rows.sequences(), rows.hidden(), borders.sequences());
  }

  /** Copies a set's values back from where they are kept. */
  private Launch refresh(Matrix kept, Matrix[] changed) {
    return (stream, set) -> Accumulate.launch(gpu, stream, kept, 1, true, changed[set]);
  }

  private KernelCase embed(DeviceData data) {
    KernelWork work = KernelWork.embed(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Norm norm = norm(data);
    int tokens = rows.tokens();
    int batches = Math.ceilDiv(LEAST_WORDS, tokens); // of ids, each word in one of them
    int words = batches * tokens;
    int positions = Math.max(shape.positions(), rows.length());
    Embed.Tables tables =
        new Embed.Tables(
            words,
            data.random(type, (long) words * rows.hidden()),
            positions,
            data.random(type, (long) positions * rows.hidden()),
            data.random(type, rows.hidden()),
            rows.hidden());
    long ids = data.ints(shuffled(words));
    int[] place = new int[tokens];
    Arrays.setAll(place, i -> i % rows.length());
    long places = data.ints(place);
    Matrix[] out = tokens(data, count, type, rows.hidden(), borders);
    Launch launch =
        (stream, set) -> {
          long own = ids + (long) (set % batches) * tokens * Integer.BYTES;
          Embed.launch(gpu, stream, tables, own, places, norm, out[set]);
        };
    return new KernelCase("embed", work, count, bytes, launch, null);
  }

  private static int[] shuffled(int count) {
    int[] values = new int[count];
    Arrays.setAll(values, i -> i);
    SplittableRandom random = RandomValues.random("ids");
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
    return values;
  }

  private KernelCase attention(DeviceData data, int heads, boolean first) {
    KernelWork work =
        first ? KernelWork.attentionFirst(type, rows) : KernelWork.attention(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix[] qkv = tokens(data, count, type, 3 * rows.hidden(), borders);
    Matrix[] out =
        first ? sequences(data, count, borders) : tokens(data, count, type, rows.hidden(), borders);
    Launch launch =
        (stream, set) ->
            Attention.launch(
                gpu,
                stream,
                qkv[set],
                heads,
                borders.cuSeqlens(),
                borders.shape(),
                rows.sequences(),
                first,
                out[set]);
    String name =
        "attention%s, %d heads of %d"
            .formatted(first ? " of first tokens" : "", heads, rows.hidden() / heads);
    return new KernelCase(name, work, count, bytes, launch, null);
  }

  private KernelCase addLayerNorm(DeviceData data) {
    KernelWork work = KernelWork.addLayerNorm(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Norm norm = norm(data);
    Matrix[] in = tokens(data, count, type, rows.hidden(), borders);
    Matrix[] residual = tokens(data, count, type, rows.hidden(), borders);
    return new KernelCase(
        "add_layer_norm",
        work,
        count,
        bytes,
        (stream, set) -> AddLayerNorm.launch(gpu, stream, in[set], norm, residual[set]),
        null); // normalised rows are as good as any
  }

  private KernelCase layerNorm(DeviceData data) {
    KernelWork work = KernelWork.layerNorm(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Norm norm = norm(data);
    Matrix[] x = tokens(data, count, type, rows.hidden(), borders);
    return new KernelCase(
        "layer_norm",
        work,
        count,
        bytes,
        (stream, set) -> AddLayerNorm.launch(gpu, stream, norm, x[set]),
        null);
  }

  private KernelCase gelu(DeviceData data) {
    int width = shape.intermediate();
    KernelWork work = KernelWork.activation(type, new Rows(rows.tokens(), rows.length(), width));
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix kept = tokens(data, 1, type, width, borders)[0];
    Matrix[] x = tokens(data, count, type, width, borders);
    return new KernelCase(
        "activation, GELU",
        work,
        count,
        bytes,
        (stream, set) -> Activate.launch(gpu, stream, Activation.GELU, 0, x[set]),
        refresh(kept, x)); // applied again and again it leaves zeros
  }

  private KernelCase accumulate(DeviceData data) {
    KernelWork work = KernelWork.accumulate(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix[] in = tokens(data, count, type, rows.hidden(), borders);
    Matrix[] out = tokens(data, count, type, rows.hidden(), borders);
    return new KernelCase(
        "accumulate",
        work,
        count,
        bytes,
        (stream, set) -> Accumulate.launch(gpu, stream, in[set], 0.5f, false, out[set]),
        refresh(in[0], out)); // sums do not grow
  }

  private KernelCase cast(DeviceData data, ElementType from, ElementType to) {
    KernelWork work = KernelWork.cast(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix[] in = tokens(data, count, from, rows.hidden(), borders);
    Matrix[] out = tokens(data, count, to, rows.hidden(), borders);
    return new KernelCase(
        "cast %s to %s".formatted(from.suffix(), to.suffix()),
        work,
        count,
        bytes,
        (stream, set) -> Cast.launch(gpu, stream, in[set], out[set]),
        null);
  }

  private KernelCase pool(DeviceData data) {
    KernelWork work = KernelWork.pool(type, rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix[] in = tokens(data, count, type, rows.hidden(), borders);
    Matrix[] out = sequences(data, count, borders);
    Launch launch =
        (stream, set) ->
            Pool.launch(
                gpu,
                stream,
                in[set],
                borders.cuSeqlens(),
                borders.firstPooled(),
                List.of(PoolingMode.MEAN),
                true,
                out[set]);
    return new KernelCase("pool, mean and L2", work, count, bytes, launch, null);
  }

  private KernelCase normalize(DeviceData data) {
    KernelWork work = KernelWork.normalize(rows);
    long bytes = Math.round(work.bytes());
    int count = sets.count(bytes);
    Borders borders = borders(data);
    Matrix[] x = sequences(data, count, borders);
    return new KernelCase(
        "normalize, f32",
        work,
        count,
        bytes,
        (stream, set) -> Normalize.launch(gpu, stream, x[set]),
        null);
  }
}
