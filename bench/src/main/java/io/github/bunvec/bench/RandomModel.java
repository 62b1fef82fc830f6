package io.github.bunvec.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model directory with random weights in a temporary folder, and texts of known length for it.
 *
 * <p>Its words are single kanji, or a given vocabulary with some among them. Separated by spaces
 * each is a token, so that a text has exactly the length asked for.
 */
public final class RandomModel implements AutoCloseable {

  private static final List<String> SPECIALS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final int FIRST_KANJI = 0x4E00;

  /** From here on NFKC makes other characters of them. */
  private static final int FIRST_COMPATIBLE = 0xA000;

  private final BertShape shape;
  private final Path directory;
  private final List<String> kanji;
  private final Map<String, Long> offsets = new LinkedHashMap<>();

  private RandomModel(BertShape shape, List<String> vocabulary, Path directory) {
    this.shape = shape;
    this.kanji = vocabulary.stream().filter(RandomModel::isKanji).toList();
    this.directory = directory;
  }

  /**
   * Writes a model whose words are kanji.
   *
   * @param shape its sizes
   * @return the model
   * @throws IOException if the temporary folder cannot be written
   */
  public static RandomModel write(BertShape shape) throws IOException {
    List<String> words = new ArrayList<>(SPECIALS);
    for (int i = 0; words.size() < shape.vocabulary(); i++) {
      words.add(Character.toString(FIRST_KANJI + i));
    }
    return write(shape, words);
  }

  /**
   * Writes a model with a given vocabulary.
   *
   * @param shape its sizes; the number of words is the vocabulary's
   * @param vocabulary the lines of vocab.txt
   * @return the model
   * @throws IOException if the temporary folder cannot be written
   */
  public static RandomModel write(BertShape shape, List<String> vocabulary) throws IOException {
    RandomModel model =
        new RandomModel(
            shape.withVocabulary(vocabulary.size()),
            List.copyOf(vocabulary),
            Files.createTempDirectory("bunvec-bench"));
    try {
      Files.writeString(model.file("config.json"), model.config());
      Files.writeString(
          model.file("tokenizer_config.json"),
          """
          {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
           "subword_tokenizer_type": "wordpiece", "mecab_kwargs": {"mecab_dic": "ipadic"}}
          """);
      Files.write(model.file("vocab.txt"), vocabulary);
      model.writeWeights();
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Returns where it lies.
   *
   * @return the directory
   */
  public Path directory() {
    return directory;
  }

  /**
   * Returns the file its weights are in.
   *
   * @return a safetensors file
   */
  public Path weights() {
    return file("model.safetensors");
  }

  /**
   * Returns its shape.
   *
   * @return the sizes
   */
  public BertShape shape() {
    return shape;
  }

  /**
   * Returns at which byte of the file of weights a tensor begins.
   *
   * @param tensor its name
   * @return the offset of its first value
   */
  public long offset(String tensor) {
    Long offset = offsets.get(tensor);
    if (offset == null) {
      throw new IllegalArgumentException("no tensor '" + tensor + "'");
    }
    return offset;
  }

  /**
   * Returns a text of a given length.
   *
   * @param tokens how many tokens, [CLS] and [SEP] included
   * @param random chooses the words
   * @return the text
   */
  public String text(int tokens, SplittableRandom random) {
    List<String> words = new ArrayList<>();
    for (int i = 2; i < tokens; i++) {
      words.add(kanji.get(random.nextInt(kanji.size())));
    }
    return String.join(" ", words);
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path path : files.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(directory);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private String config() {
    return """
        {"model_type": "bert", "num_hidden_layers": %d, "hidden_size": %d,
         "num_attention_heads": %d, "intermediate_size": %d, "vocab_size": %d,
         "max_position_embeddings": %d, "type_vocab_size": 2, "hidden_act": "gelu",
         "layer_norm_eps": 1e-12}
        """
        .formatted(
            shape.layers(),
            shape.hidden(),
            shape.heads(),
            shape.intermediate(),
            shape.vocabulary(),
            shape.positions());
  }

  private static boolean isKanji(String word) {
    return word.codePointCount(0, word.length()) == 1
        && Character.UnicodeScript.of(word.codePointAt(0)) == Character.UnicodeScript.HAN
        && word.codePointAt(0) >= FIRST_KANJI
        && word.codePointAt(0) < FIRST_COMPATIBLE;
  }

  /** The safetensors format: length of the header, header, values; all little-endian. */
  private void writeWeights() throws IOException {
    StringBuilder header = new StringBuilder("{");
    long end = 0;
    for (Map.Entry<String, int[]> tensor : shape.tensors().entrySet()) {
      int[] dims = tensor.getValue();
      String sizes = dims.length == 1 ? "" + dims[0] : dims[0] + "," + dims[1];
      offsets.put(tensor.getKey(), end);
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"%s\":{\"dtype\":\"F32\",\"shape\":[%s]".formatted(tensor.getKey(), sizes))
          .append(",\"data_offsets\":[%d,%d]}".formatted(end, end + 4L * count(dims)));
      end += 4L * count(dims);
    }
    header.append("}").repeat(' ', 7 - (header.length() - 1) % 8);
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    offsets.replaceAll((name, offset) -> offset + 8 + json.length);
    try (FileChannel channel =
        FileChannel.open(weights(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer start = buffer(8 + json.length).putLong(json.length).put(json).flip();
      writeAll(channel, start);
      for (Map.Entry<String, int[]> tensor : shape.tensors().entrySet()) {
        float[] values = values(tensor.getKey(), tensor.getValue());
        ByteBuffer bytes = buffer(4 * values.length);
        bytes.asFloatBuffer().put(values);
        writeAll(channel, bytes);
      }
    }
  }

  /**
   * Returns a tensor's values: weights as BERT starts from them, so that activations keep their
   * size through the layers.
   *
   * @param name its name
   * @param dims its dimensions
   * @return the values, row-major
   */
  public static float[] values(String name, int... dims) {
    int count = count(dims);
    if (!name.endsWith("LayerNorm.weight")) {
      return RandomValues.of(name, count, name.endsWith(".bias") ? 0.1f : 0.02f);
    }
    float[] values = RandomValues.of(name, count, 0.1f);
    for (int i = 0; i < count; i++) {
      values[i] += 1;
    }
    return values;
  }

  private static int count(int[] dims) {
    int count = 1;
    for (int dim : dims) {
      count *= dim;
    }
    return count;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
