package io.github.bunvec.tokenizer.mecab;

/** Says that bytes are not a dictionary that can be read, and why. */
public final class DictionaryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the part of the dictionary, what was found and what was expected
   */
  public DictionaryException(String message) {
    super(message);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param message the part of the dictionary, what was found and what was expected
   * @param cause what led to it
   */
  public DictionaryException(String message, Throwable cause) {
    super(message, cause);
  }
}
