package io.github.bunvec.engine.spi;

import java.util.Optional;

/** Makes backends of one kind; found through {@link java.util.ServiceLoader}. */
public interface BackendProvider {

  /**
   * Returns the name users choose it by.
   *
   * @return a short lower-case name without a colon
   */
  String name();

  /**
   * Returns its rank in the automatic choice: the greatest available one wins.
   *
   * @return the rank; negative for backends that are only taken when asked for by name
   */
  int rank();

  /**
   * Returns why no backend can be made here.
   *
   * @return empty if one can; otherwise a sentence that says what is missing and what to do
   */
  Optional<String> unavailableReason();

  /**
   * Does what takes long and is the same for every backend of this kind, so that {@link #create}
   * finds it done. It is called in a thread of its own while the model's files are still looked
   * for, perhaps several times, perhaps never; whoever makes a backend does not rely on it. A
   * failure is told by {@link #create}, which meets it again.
   */
  default void prepare() {}

  /**
   * Makes a backend.
   *
   * @param options what is asked for
   * @return the backend
   * @throws IllegalStateException with {@link #unavailableReason} if there is one
   * @throws IllegalArgumentException if it does not take the parameters among the options; a
   *     backend that takes none says so by {@link BackendOptions#requireNoParameters}
   */
  Backend create(BackendOptions options);
}
