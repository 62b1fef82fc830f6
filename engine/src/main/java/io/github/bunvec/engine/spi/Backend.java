package io.github.bunvec.engine.spi;

import io.github.bunvec.loader.TensorView;
import java.util.List;

/**
 * A compute device: it lays weights out for itself and decides where and when a pass runs.
 *
 * <p>Safe for concurrent use: weights, too, are laid out by several threads at once. The handles it
 * makes are valid with it alone; an operation given another backend's handle throws {@link
 * IllegalArgumentException}.
 */
public interface Backend extends AutoCloseable {

  /**
   * Says what it is, for people.
   *
   * @return for example {@code cpu, 512-bit vectors (6x64 tiles), 2 threads}
   */
  String description();

  /**
   * Returns how many threads may compute at once.
   *
   * @return at least 1
   */
  int threads();

  /**
   * Returns how many threads should hand batches over at once, each preparing the next while others
   * are computed. More than one is for a backend that computes elsewhere: on a CPU, preparing takes
   * the threads that compute.
   *
   * @return at least 1; always the same
   */
  default int callers() {
    return 1;
  }

  /**
   * Returns what it multiplies linear layers in.
   *
   * @return FP32, TF32 or BF16
   */
  default Arithmetic arithmetic() {
    return Arithmetic.FP32;
  }

  /**
   * Lays out a linear layer; several weights of one input width are stacked, as for query, key and
   * value.
   *
   * @param weights each [out, in]
   * @param biases each [out], one per weight; or none at all, which is a bias of 0
   * @return the layer with all outputs side by side
   */
  Linear linear(List<TensorView> weights, List<TensorView> biases);

  /**
   * Lays out a layer normalisation.
   *
   * @param weight [features]
   * @param bias [features]
   * @param eps what is added to the variance
   * @return the normalisation
   */
  LayerNorm layerNorm(TensorView weight, TensorView bias, double eps);

  /**
   * Lays out the embedding tables.
   *
   * @param word [words, hidden]
   * @param position [positions, hidden]
   * @param tokenType [types, hidden]; row 0 is used
   * @return the tables
   */
  EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType);

  /**
   * Says that everything is laid out and passes will follow: what a backend does beforehand to be
   * fast would be in the way of loading until now. Optional; may be called again.
   *
   * @param pass what most of them will be
   */
  default void ready(ForwardPass pass) {}

  /**
   * Returns whether it has come to its speed.
   *
   * @return false only in the first seconds of a process, while the JVM is compiling; results are
   *     the same
   */
  default boolean warm() {
    return true;
  }

  /**
   * Runs a pass over every sequence of a batch and waits for it.
   *
   * <p>It may cut the batch between sequences. The result for a sequence does not depend on what
   * else is in the batch, on its place there, or on the number of threads: FP32 results are equal
   * to the bit.
   *
   * @param batch the sequences; ids and positions must lie within the tables
   * @param pass what to run
   * @param out receives one vector per sequence; [sequences]
   */
  void run(PackedBatch batch, ForwardPass pass, float[][] out);

  /**
   * Returns how many bytes its weights and workspaces take by now.
   *
   * @return bytes
   */
  long memoryBytes();

  /** Frees threads and memory; waits for running passes. Idempotent. */
  @Override
  void close();
}
