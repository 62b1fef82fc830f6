package io.github.bunvec.hub;

/** Hears how a download gets on; called on the thread that asked for the model. */
public interface DownloadListener {

  /** Hears nothing. */
  DownloadListener NONE = new DownloadListener() {};

  /**
   * Bytes have arrived.
   *
   * @param file the file's path in the repository
   * @param done bytes that are here, of all files of the model that were not here before
   * @param total how many they will be, as far as is known; config files come first, then weights
   */
  default void progress(String file, long done, long total) {}

  /**
   * Something happened that a person may want to know: a broken connection, a wait, an old copy.
   *
   * @param message one line
   */
  default void notice(String message) {}
}
