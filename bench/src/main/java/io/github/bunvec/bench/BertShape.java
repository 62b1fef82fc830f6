package io.github.bunvec.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sizes of a BERT encoder, the tensors that follow from them, and its arithmetic.
 *
 * @param layers how many layers
 * @param hidden width of a token's row
 * @param heads heads of attention
 * @param intermediate width between a layer's last two linear layers
 * @param vocabulary words
 * @param positions tokens of the longest text
 */
public record BertShape(
    int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {

  /**
   * Returns a shape by name. The vocabularies are small: of the tables a text touches few rows.
   *
   * @param name {@code bert-base}, {@code bert-large}, {@code mini-ja} or {@code tiny}
   * @return the shape
   */
  public static BertShape named(String name) {
    return switch (name) {
      case "bert-base" -> new BertShape(12, 768, 12, 3072, 4096, 512);
      case "bert-large" -> new BertShape(24, 1024, 16, 4096, 4096, 512);
      case "mini-ja" -> new BertShape(4, 256, 4, 1024, 4096, 512);
      case "tiny" -> new BertShape(2, 64, 2, 128, 4096, 512);
      default ->
          throw new IllegalArgumentException(
              "model is '" + name + "', expected bert-base, bert-large, mini-ja or tiny");
    };
  }

  /**
   * FLOPs of one sequence: the linear layers, 2 for each weight and token, and the two products of
   * attention, 4 length^2 hidden a layer. Everything else is not counted.
   *
   * @param length its tokens
   * @return floating-point operations
   */
  public double flops(int length) {
    return 2 * layerWeights() * length + layers * 4.0 * length * length * hidden;
  }

  /**
   * Returns how many weights the linear layers have: what every pass reads at least once.
   *
   * @return the number of weights
   */
  public double layerWeights() {
    return layers * (4.0 * hidden * hidden + 2.0 * hidden * intermediate);
  }

  /**
   * Returns the same shape with another vocabulary.
   *
   * @param words how many words
   * @return the shape
   */
  public BertShape withVocabulary(int words) {
    return new BertShape(layers, hidden, heads, intermediate, words, positions);
  }

  /**
   * Returns the tensors of a checkpoint by name.
   *
   * @return their shapes, outermost dimension first, in the order of the file
   */
  public Map<String, int[]> tensors() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.word_embeddings.weight", new int[] {vocabulary, hidden});
    shapes.put("embeddings.position_embeddings.weight", new int[] {positions, hidden});
    shapes.put("embeddings.token_type_embeddings.weight", new int[] {2, hidden});
    norm(shapes, "embeddings.LayerNorm");
    for (int i = 0; i < layers; i++) {
      String layer = layer(i);
      for (String part : new String[] {"query", "key", "value"}) {
        linear(shapes, layer + "attention.self." + part, hidden, hidden);
      }
      linear(shapes, layer + "attention.output.dense", hidden, hidden);
      norm(shapes, layer + "attention.output.LayerNorm");
      linear(shapes, layer + "intermediate.dense", intermediate, hidden);
      linear(shapes, layer + "output.dense", hidden, intermediate);
      norm(shapes, layer + "output.LayerNorm");
    }
    return shapes;
  }

  /**
   * Returns what the names of a layer's tensors begin with.
   *
   * @param index the layer, from 0
   * @return the prefix, with its dot
   */
  public static String layer(int index) {
    return "encoder.layer." + index + ".";
  }

  private static void linear(Map<String, int[]> shapes, String name, int out, int in) {
    shapes.put(name + ".weight", new int[] {out, in});
    shapes.put(name + ".bias", new int[] {out});
  }

  private void norm(Map<String, int[]> shapes, String name) {
    shapes.put(name + ".weight", new int[] {hidden});
    shapes.put(name + ".bias", new int[] {hidden});
  }
}
