package io.github.bunvec.tokenizer.sentencepiece;

/** Says that bytes are not a SentencePiece model that can be read, and why. */
public final class SentencePieceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the file, what was found and what was expected
   */
  public SentencePieceException(String message) {
    super(message);
  }
}
