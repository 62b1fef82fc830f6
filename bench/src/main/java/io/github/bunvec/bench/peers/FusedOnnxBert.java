package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.peers.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The graph in ONNX Runtime's fused operators, as its transformer optimizer leaves a BERT.
 *
 * <p>Operators and their inputs: ContribOperators.md of ONNX Runtime. GELU stays the exact one
 * (BiasGelu, not FastGelu). Query, key and value are one matrix, which together with the sum of the
 * position table and the row of token type 0 lies in a file of its own.
 */
final class FusedOnnxBert extends OnnxBert {

  private final Attribute epsilon = new Attribute("epsilon", 1e-12f);
  private final Path extra;
  private String maskIndex = "";
  private long end;

  FusedOnnxBert(BertShape shape, boolean masked, Path extra) {
    super(shape, masked);
    this.extra = extra;
  }

  /** Writes the file of stacked weights; its order is that in which {@link #encoder} goes on. */
  static Path writeExtra(RandomModel model) throws IOException {
    BertShape shape = model.shape();
    Path file = model.directory().resolve("stacked.bin");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      append(channel, positions(shape));
      for (int i = 0; i < shape.layers(); i++) {
        append(channel, stackedWeights(shape, BertShape.layer(i)));
        append(channel, stackedBiases(shape, BertShape.layer(i)));
      }
    }
    return file;
  }

  @Override
  boolean reads(String tensor) {
    return !tensor.contains("attention.self.")
        && !tensor.startsWith("embeddings.position")
        && !tensor.startsWith("embeddings.token_type");
  }

  @Override
  String encoder() {
    String position = stacked("position", shape.positions(), shape.hidden());
    String[] embedding = {
      IDS,
      "",
      "embeddings.word_embeddings.weight",
      position,
      "",
      "embeddings.LayerNorm.weight",
      "embeddings.LayerNorm.bias",
      masked ? MASK : ""
    };
    String[] embedded = graph.contrib("EmbedLayerNormalization", 2, embedding, epsilon);
    maskIndex = masked ? embedded[1] : "";
    String hidden = embedded[0];
    for (int i = 0; i < shape.layers(); i++) {
      hidden = layer(BertShape.layer(i), hidden);
    }
    return hidden;
  }

  private String layer(String prefix, String hidden) {
    int size = shape.hidden();
    String weight = stacked(prefix + "qkv.weight", size, 3 * size);
    String bias = stacked(prefix + "qkv.bias", 3 * size);
    Attribute heads = new Attribute("num_heads", (long) shape.heads());
    String[] inputs = {hidden, weight, bias, maskIndex};
    String context = graph.contrib("Attention", 1, inputs, heads)[0];
    String attended = addNorm(prefix + "attention.output.", context, hidden);
    String up = product(prefix + "intermediate.dense", attended);
    String[] biased = {up, prefix + "intermediate.dense.bias"};
    String inner = graph.contrib("BiasGelu", 1, biased)[0];
    return addNorm(prefix + "output.", inner, attended);
  }

  private String addNorm(String prefix, String x, String residual) {
    String[] inputs = {
      product(prefix + "dense", x),
      residual,
      prefix + "LayerNorm.weight",
      prefix + "LayerNorm.bias",
      prefix + "dense.bias"
    };
    return graph.contrib("SkipLayerNormalization", 1, inputs, epsilon)[0];
  }

  private String stacked(String name, int... dims) {
    long length = Float.BYTES;
    for (int dim : dims) {
      length *= dim;
    }
    graph.external(name, dims, extra, end, length);
    end += length;
    return name;
  }

  private static float[] positions(BertShape shape) {
    int hidden = shape.hidden();
    float[] table =
        RandomModel.values("embeddings.position_embeddings.weight", shape.positions(), hidden);
    float[] types = RandomModel.values("embeddings.token_type_embeddings.weight", 2, hidden);
    for (int i = 0; i < table.length; i++) {
      table[i] += types[i % hidden];
    }
    return table;
  }

  /** [hidden, 3 hidden]: the transposed weights side by side. */
  private static float[] stackedWeights(BertShape shape, String prefix) {
    int hidden = shape.hidden();
    float[] stacked = new float[3 * hidden * hidden];
    for (int part = 0; part < 3; part++) {
      float[] weight = RandomModel.values(self(prefix, part) + ".weight", hidden, hidden);
      for (int out = 0; out < hidden; out++) {
        for (int in = 0; in < hidden; in++) {
          stacked[in * 3 * hidden + part * hidden + out] = weight[out * hidden + in];
        }
      }
    }
    return stacked;
  }

  private static float[] stackedBiases(BertShape shape, String prefix) {
    int hidden = shape.hidden();
    float[] stacked = new float[3 * hidden];
    for (int part = 0; part < 3; part++) {
      float[] bias = RandomModel.values(self(prefix, part) + ".bias", hidden);
      System.arraycopy(bias, 0, stacked, part * hidden, hidden);
    }
    return stacked;
  }

  private static String self(String prefix, int part) {
    return prefix + "attention.self." + new String[] {"query", "key", "value"}[part];
  }

  private static void append(FileChannel channel, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
