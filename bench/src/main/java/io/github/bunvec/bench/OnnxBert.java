package io.github.bunvec.bench;

import io.github.bunvec.bench.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A random model as an ONNX file: BERT with mean pooling, for batches of texts of one length.
 *
 * <p>The weights are those of the model's safetensors file, referred to by place; the peer folds
 * the transpositions when it loads. There is no attention mask, because nothing is padded: the peer
 * is measured at its best.
 */
final class OnnxBert {

  static final String INPUT = "input_ids";
  static final String OUTPUT = "embeddings";

  private final BertShape shape;
  private final OnnxGraph graph = new OnnxGraph();
  private final Attribute lastAxis = new Attribute("axis", -1L);

  private OnnxBert(BertShape shape) {
    this.shape = shape;
  }

  /** Writes the file beside the model's weights and returns its path. */
  static Path write(RandomModel model) throws IOException {
    OnnxBert bert = new OnnxBert(model.shape());
    for (Map.Entry<String, int[]> tensor : model.shape().tensors().entrySet()) {
      String name = tensor.getKey();
      long length = 4;
      for (int dim : tensor.getValue()) {
        length *= dim;
      }
      bert.graph.external(name, tensor.getValue(), model.weights(), model.offset(name), length);
    }
    bert.build();
    return Files.write(model.directory().resolve("model.onnx"), bert.graph.toByteArray());
  }

  private void build() {
    graph.input(INPUT);
    String hidden = embeddings();
    for (int i = 0; i < shape.layers(); i++) {
      hidden = layer(BertShape.layer(i), hidden);
    }
    String[] pooling = {hidden, graph.integers(1)};
    graph.node(OUTPUT, "ReduceMean", pooling, new Attribute("keepdims", 0L));
    graph.output(OUTPUT);
  }

  private String embeddings() {
    String word = op("Gather", "embeddings.word_embeddings.weight", INPUT);
    String type = op("Gather", "embeddings.token_type_embeddings.weight", graph.integer(0));
    String tokens = op("Gather", op("Shape", INPUT), graph.integer(1));
    String positions = op("Range", graph.integer(0), tokens, graph.integer(1));
    String position = op("Gather", "embeddings.position_embeddings.weight", positions);
    return norm("embeddings.LayerNorm", op("Add", op("Add", word, type), position));
  }

  private String layer(String prefix, String hidden) {
    String context = attention(prefix + "attention.self.", hidden);
    String attended = op("Add", linear(prefix + "attention.output.dense", context), hidden);
    String normalised = norm(prefix + "attention.output.LayerNorm", attended);
    String inner = op("Gelu", linear(prefix + "intermediate.dense", normalised));
    String outer = op("Add", linear(prefix + "output.dense", inner), normalised);
    return norm(prefix + "output.LayerNorm", outer);
  }

  private String attention(String prefix, String hidden) {
    int width = shape.hidden() / shape.heads();
    String q = heads(linear(prefix + "query", hidden), width, 0, 2, 1, 3);
    String k = heads(linear(prefix + "key", hidden), width, 0, 2, 3, 1);
    String v = heads(linear(prefix + "value", hidden), width, 0, 2, 1, 3);
    String scores = op("Mul", op("MatMul", q, k), graph.number((float) (1 / Math.sqrt(width))));
    String weights = graph.node("Softmax", new String[] {scores}, lastAxis);
    String context = transpose(op("MatMul", weights, v), 0, 2, 1, 3);
    return op("Reshape", context, graph.integers(0, 0, shape.hidden()));
  }

  /** [texts, tokens, hidden] to [texts, heads, ..], the other axes in the given order. */
  private String heads(String x, int width, long... axes) {
    return transpose(op("Reshape", x, graph.integers(0, 0, shape.heads(), width)), axes);
  }

  private String linear(String name, String x) {
    return op("Add", op("MatMul", x, transpose(name + ".weight", 1, 0)), name + ".bias");
  }

  private String norm(String name, String x) {
    String[] inputs = {x, name + ".weight", name + ".bias"};
    return graph.node("LayerNormalization", inputs, lastAxis, new Attribute("epsilon", 1e-12f));
  }

  private String transpose(String x, long... axes) {
    return graph.node("Transpose", new String[] {x}, new Attribute("perm", axes));
  }

  private String op(String type, String... inputs) {
    return graph.node(type, inputs);
  }
}
