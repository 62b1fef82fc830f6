package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.peers.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A random model as an ONNX file: BERT with mean pooling over a text's own tokens.
 *
 * <p>The weights are those of the model's safetensors file, referred to by place; the peer folds
 * the transpositions when it loads. Without padding there is no mask to compute: the peer is
 * measured at its best. This class has what both forms of the graph share.
 */
abstract class OnnxBert {

  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String OUTPUT = "embeddings";

  /** ONNX TensorProto's number of 32-bit floats. */
  private static final long FLOAT = 1;

  final BertShape shape;
  final OnnxGraph graph = new OnnxGraph();
  final boolean masked;

  OnnxBert(BertShape shape, boolean masked) {
    this.shape = shape;
    this.masked = masked;
  }

  /** Returns whether the graph reads a tensor of the checkpoint as it is. */
  abstract boolean reads(String tensor);

  /** Adds everything up to the last hidden states and returns their name. */
  abstract String encoder();

  /** Writes the file beside the model's weights and returns its path. */
  final Path write(RandomModel model, String name) throws IOException {
    for (Map.Entry<String, int[]> tensor : shape.tensors().entrySet()) {
      String key = tensor.getKey();
      if (!reads(key)) {
        continue;
      }
      long length = Float.BYTES;
      for (int dim : tensor.getValue()) {
        length *= dim;
      }
      graph.external(key, tensor.getValue(), model.weights(), model.offset(key), length);
    }
    graph.input(IDS);
    if (masked) {
      graph.input(MASK);
    }
    pool(encoder());
    graph.output(OUTPUT);
    return Files.write(model.directory().resolve(name), graph.toByteArray());
  }

  private void pool(String hidden) {
    Attribute drop = new Attribute("keepdims", 0L);
    String axis = graph.integers(1);
    if (!masked) {
      graph.node(OUTPUT, "ReduceMean", new String[] {hidden, axis}, drop);
      return;
    }
    String weights = op("Unsqueeze", floats(MASK), graph.integers(2));
    String sum = graph.node("ReduceSum", new String[] {op("Mul", hidden, weights), axis}, drop);
    String count = graph.node("ReduceSum", new String[] {weights, axis}, drop);
    graph.node(OUTPUT, "Div", new String[] {sum, count});
  }

  final String floats(String integers) {
    return graph.node("Cast", new String[] {integers}, new Attribute("to", FLOAT));
  }

  final String transpose(String x, long... axes) {
    return graph.node("Transpose", new String[] {x}, new Attribute("perm", axes));
  }

  /** A linear layer's product, without its bias. */
  final String product(String name, String x) {
    return op("MatMul", x, transpose(name + ".weight", 1, 0));
  }

  final String op(String type, String... inputs) {
    return graph.node(type, inputs);
  }
}
