package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import java.util.ArrayList;
import java.util.List;

/**
 * BERT with mean pooling as a program in TorchScript, and the tensors it names.
 *
 * <p>As transformers runs it with scaled_dot_product_attention, but with query, key and value as
 * one matrix and the row of token type 0 added to the positions: the peer at its best.
 */
final class TorchBert {

  /** A tensor of the program: the checkpoint's tensors it consists of, one after the other. */
  record Parameter(String name, int[] dims, List<String> parts) {

    int count() {
      int count = 1;
      for (int dim : dims) {
        count *= dim;
      }
      return count;
    }
  }

  private static final String[] HEADS = {"query", "key", "value"};

  private final BertShape shape;
  private final List<Parameter> parameters = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();

  private TorchBert(BertShape shape) {
    this.shape = shape;
  }

  /** A program for a shape. */
  static TorchBert of(BertShape shape) {
    TorchBert bert = new TorchBert(shape);
    bert.build();
    return bert;
  }

  /** Returns the tensors, in the order of their storage. */
  List<Parameter> parameters() {
    return parameters;
  }

  /** Returns a tensor's values, row-major. */
  float[] values(Parameter parameter) {
    float[] values = new float[parameter.count()];
    int at = 0;
    for (String part : parameter.parts()) {
      float[] piece = RandomModel.values(part, dims(part));
      System.arraycopy(piece, 0, values, at, piece.length);
      at += piece.length;
    }
    if (parameter.name().equals("position")) {
      int[] dims = {2, shape.hidden()};
      float[] types = RandomModel.values("embeddings.token_type_embeddings.weight", dims);
      for (int i = 0; i < values.length; i++) {
        values[i] += types[i % shape.hidden()];
      }
    }
    return values;
  }

  /** Returns the source of the class {@code Bert}. */
  String source() {
    StringBuilder source = new StringBuilder("class Bert(Module):\n");
    source.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
    for (Parameter parameter : parameters) {
      source.append("  ").append(parameter.name()).append(" : Tensor\n");
    }
    // Without padding there is no mask to compute.
    method(source, "forward", "ids: Tensor", "None", "torch.mean(x, [1])");
    method(
        source,
        "padded",
        "ids: Tensor, mask: Tensor",
        "torch.unsqueeze(torch.unsqueeze(mask, 1), 1)",
        "torch.div(torch.sum(torch.mul(x, torch.unsqueeze(mask, -1)), [1]), "
            + "torch.sum(mask, [1], True))");
    return source.toString();
  }

  private void method(StringBuilder source, String name, String in, String mask, String pooled) {
    source
        .append("  def ")
        .append(name)
        .append("(self: __torch__.Bert, ")
        .append(in)
        .append(") -> Tensor:\n    bias = ")
        .append(mask)
        .append('\n')
        .append(body)
        .append("    return torch.to(")
        .append(pooled)
        .append(", 6)\n");
  }

  private void build() {
    int hidden = shape.hidden();
    line("n = torch.size(ids, 0)");
    line("s = torch.size(ids, 1)");
    parameter("word", "embeddings.word_embeddings.weight");
    parameter("position", "embeddings.position_embeddings.weight");
    line("x = torch.embedding(self.word, ids)");
    line("x = torch.add(x, torch.slice(self.position, 0, 0, s))");
    norm("embedded", "embeddings.LayerNorm");
    for (int i = 0; i < shape.layers(); i++) {
      layer("l" + i, BertShape.layer(i), hidden);
    }
  }

  private void layer(String name, String prefix, int hidden) {
    stacked(name + "_qkv_w", prefix, ".weight", 3 * hidden, hidden);
    stacked(name + "_qkv_b", prefix, ".bias", 3 * hidden);
    line("y = torch.linear(x, self.%s_qkv_w, self.%s_qkv_b)".formatted(name, name));
    line("y = torch.view(y, [n, s, 3, %d, %d])".formatted(shape.heads(), hidden / shape.heads()));
    line("y = torch.permute(y, [2, 0, 3, 1, 4])");
    line(
        "y = torch.scaled_dot_product_attention("
            + "torch.select(y, 0, 0), torch.select(y, 0, 1), torch.select(y, 0, 2), bias)");
    line("y = torch.reshape(torch.transpose(y, 1, 2), [n, s, %d])".formatted(hidden));
    linear(name + "_out", prefix + "attention.output.dense");
    line("x = torch.add(y, x)");
    norm(name + "_attended", prefix + "attention.output.LayerNorm");
    line("y = x");
    linear(name + "_up", prefix + "intermediate.dense");
    line("y = torch.gelu(y)");
    linear(name + "_down", prefix + "output.dense");
    line("x = torch.add(y, x)");
    norm(name + "_normed", prefix + "output.LayerNorm");
  }

  private void linear(String name, String tensor) {
    parameter(name + "_w", tensor + ".weight");
    parameter(name + "_b", tensor + ".bias");
    line("y = torch.linear(y, self.%s_w, self.%s_b)".formatted(name, name));
  }

  private void norm(String name, String tensor) {
    parameter(name + "_w", tensor + ".weight");
    parameter(name + "_b", tensor + ".bias");
    line(
        "x = torch.layer_norm(x, [%d], self.%s_w, self.%s_b, 1e-12)"
            .formatted(shape.hidden(), name, name));
  }

  private void parameter(String name, String tensor) {
    parameters.add(new Parameter(name, dims(tensor), List.of(tensor)));
  }

  private void stacked(String name, String prefix, String kind, int... dims) {
    List<String> parts = new ArrayList<>();
    for (String head : HEADS) {
      parts.add(prefix + "attention.self." + head + kind);
    }
    parameters.add(new Parameter(name, dims, parts));
  }

  private int[] dims(String tensor) {
    int[] dims = shape.tensors().get(tensor);
    if (dims == null) {
      throw new IllegalArgumentException("no tensor '" + tensor + "'");
    }
    return dims;
  }

  private void line(String statement) {
    body.append("    ").append(statement).append('\n');
  }
}
