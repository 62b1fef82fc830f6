package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The weights of an encoder by their canonical names, whatever a checkpoint calls them: with the
 * prefix of a task model ({@code bert.encoder.layer.0...}) and with the LayerNorm names of 2019
 * ({@code gamma}, {@code beta}). Canonical names are those of transformers' {@code BertModel}.
 *
 * <p>Keeps account of what was asked for, so that leftover tensors can be named. Not thread-safe.
 */
public final class ModelTensors {

  /** Of a bare encoder, and of one inside a task model. */
  private static final List<String> PREFIXES = List.of("", "bert.", "roberta.", "luke.");

  private static final String MARKER = "embeddings.word_embeddings.weight";

  /**
   * Task heads (their decoders are often tied to the embeddings), the unused pooler, buffers that
   * hold no weights, and what LUKE needs for entities only.
   */
  private static final Pattern IGNORED =
      Pattern.compile(
          "(cls|classifier|lm_head|qa_outputs|pooler)\\..*"
              + "|(.*\\.)?(position_ids|token_type_ids)"
              + "|(entity_embeddings|entity_predictions)\\..*"
              + "|encoder\\.layer\\.\\d+\\.attention\\.self\\.(w2e|e2w|e2e)_query\\..*");

  private static final int NAMES_SHOWN = 5;

  private final Checkpoint checkpoint;
  private final String file;
  private final String prefix;
  private final Set<String> unused;

  private ModelTensors(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.file = String.valueOf(checkpoint.source().getFileName());
    this.prefix = findPrefix();
    this.unused = new TreeSet<>(checkpoint.names());
  }

  /**
   * Finds the prefix of a checkpoint's names.
   *
   * @param checkpoint must stay open while tensors are used
   * @return its tensors by canonical name
   * @throws CheckpointException if it holds two encoders
   */
  public static ModelTensors of(Checkpoint checkpoint) {
    return new ModelTensors(checkpoint);
  }

  private String findPrefix() {
    List<String> found = PREFIXES.stream().filter(p -> checkpoint.contains(p + MARKER)).toList();
    if (found.size() > 1) {
      throw new CheckpointException(
          file
              + ": holds two encoders: tensors "
              + Quoted.name(found.get(0) + MARKER)
              + " and "
              + Quoted.name(found.get(1) + MARKER));
    }
    return found.isEmpty() ? "" : found.getFirst();
  }

  /**
   * Returns the prefix before the canonical names.
   *
   * @return empty for a bare encoder
   */
  public String prefix() {
    return prefix;
  }

  /**
   * Returns whether a tensor is there.
   *
   * @param canonicalName name in {@code BertModel}
   * @return true if {@link #require} finds it, under the current or the old name
   */
  public boolean contains(String canonicalName) {
    return checkpoint.contains(nameInFile(canonicalName));
  }

  /**
   * Returns a weight.
   *
   * @param canonicalName name in {@code BertModel}
   * @param shape its sizes as config.json has them
   * @return the tensor, of a floating-point type
   * @throws CheckpointException if it is missing, misshapen or of an integer type
   */
  public TensorView require(String canonicalName, long... shape) {
    String name = nameInFile(canonicalName);
    if (!checkpoint.contains(name)) {
      throw new CheckpointException(
          file
              + ": tensor "
              + Quoted.name(prefix + canonicalName)
              + " is missing, expected shape "
              + Arrays.toString(shape)
              + SimilarNames.describe(name, checkpoint.names()));
    }
    TensorView tensor = checkpoint.tensor(name);
    unused.remove(name);
    if (!tensor.dtype().isFloatingPoint()) {
      throw new CheckpointException(
          tensor.describeWithName() + ", expected a weight of type F32, F16, BF16 or F64");
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new CheckpointException(
          tensor.describeWithName()
              + ", expected "
              + Arrays.toString(shape)
              + ShapeKeys.describe(canonicalName, shape));
    }
    return tensor;
  }

  private String nameInFile(String canonicalName) {
    String current = prefix + canonicalName;
    if (checkpoint.contains(current)) {
      return current;
    }
    String old =
        current
            .replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
            .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
    return checkpoint.contains(old) ? old : current;
  }

  /**
   * Checks that every tensor was asked for, but for task heads, the pooler and position buffers.
   *
   * @throws CheckpointException if others are there; the model is then not what config.json says
   */
  public void requireNoOthers() {
    List<String> others = new ArrayList<>();
    for (String name : unused) {
      String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      if (!IGNORED.matcher(bare).matches() && !IGNORED.matcher(name).matches()) {
        others.add(name);
      }
    }
    if (others.isEmpty()) {
      return;
    }
    String shown = String.join(", ", others.stream().limit(NAMES_SHOWN).map(Quoted::name).toList());
    throw new CheckpointException(
        file
            + ": "
            + others.size()
            + " tensors that the model of config.json does not have: "
            + shown
            + (others.size() > NAMES_SHOWN ? ", ..." : ""));
  }
}
