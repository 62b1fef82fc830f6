package io.github.bunvec.loader;

import java.nio.file.Path;
import java.util.Set;

/** The named tensors of a model, checked when it was opened. Safe for use by several threads. */
public interface Checkpoint extends AutoCloseable {

  /**
   * Returns the names of all tensors.
   *
   * @return unmodifiable, in the order of the file
   * @throws IllegalStateException if closed
   */
  Set<String> names();

  /**
   * Returns whether a tensor is there.
   *
   * @param name name in the file
   * @return true if {@link #tensor} gives it
   * @throws IllegalStateException if closed
   */
  boolean contains(String name);

  /**
   * Returns a tensor.
   *
   * @param name name in the file
   * @return a view of its bytes
   * @throws CheckpointException if there is none; the message lists similar names
   * @throws IllegalStateException if closed
   */
  TensorView tensor(String name);

  /**
   * Returns the file.
   *
   * @return what was opened; the index of a sharded checkpoint
   */
  Path source();

  /**
   * Returns the name of the file in messages.
   *
   * @return relative to the model directory, with slashes; the index of a sharded checkpoint
   */
  String label();

  /** Ends the life of all views. Closing twice is allowed. */
  @Override
  void close();
}
