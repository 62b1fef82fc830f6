package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.peers.OnnxGraph.Attribute;

/** The graph in ONNX's own operators, as exporters write it; the peer fuses what it recognises. */
final class PlainOnnxBert extends OnnxBert {

  /** What a masked score is lowered by; exp of it is zero. */
  private static final float MASKED = 10_000;

  private final Attribute lastAxis = new Attribute("axis", -1L);
  private String bias = "";

  PlainOnnxBert(BertShape shape, boolean masked) {
    super(shape, masked);
  }

  @Override
  boolean reads(String tensor) {
    return true;
  }

  @Override
  String encoder() {
    if (masked) {
      String absent = op("Sub", floats(MASK), graph.number(1));
      String scaled = op("Mul", absent, graph.number(MASKED));
      bias = op("Unsqueeze", scaled, graph.integers(1, 2));
    }
    String hidden = embeddings();
    for (int i = 0; i < shape.layers(); i++) {
      hidden = layer(BertShape.layer(i), hidden);
    }
    return hidden;
  }

  private String embeddings() {
    String word = op("Gather", "embeddings.word_embeddings.weight", IDS);
    String type = op("Gather", "embeddings.token_type_embeddings.weight", graph.integer(0));
    String tokens = op("Gather", op("Shape", IDS), graph.integer(1));
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
    if (masked) {
      scores = op("Add", scores, bias);
    }
    String weights = graph.node("Softmax", new String[] {scores}, lastAxis);
    String context = transpose(op("MatMul", weights, v), 0, 2, 1, 3);
    return op("Reshape", context, graph.integers(0, 0, shape.hidden()));
  }

  /** [texts, tokens, hidden] to [texts, heads, ..], the other axes in the given order. */
  private String heads(String x, int width, long... axes) {
    return transpose(op("Reshape", x, graph.integers(0, 0, shape.heads(), width)), axes);
  }

  private String linear(String name, String x) {
    return op("Add", product(name, x), name + ".bias");
  }

  private String norm(String name, String x) {
    String[] inputs = {x, name + ".weight", name + ".bias"};
    return graph.node("LayerNormalization", inputs, lastAxis, new Attribute("epsilon", 1e-12f));
  }
}
