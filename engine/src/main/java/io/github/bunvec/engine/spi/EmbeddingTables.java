package io.github.bunvec.engine.spi;

/**
 * The tables a token's first row is summed from: word, token type 0, position.
 *
 * <p>Valid only with the backend that made it.
 */
public interface EmbeddingTables {

  /**
   * Returns the width of a row.
   *
   * @return the number of features
   */
  int features();

  /**
   * Returns how many words there are.
   *
   * @return one more than the greatest id
   */
  int words();

  /**
   * Returns how many positions there are.
   *
   * @return one more than the greatest position
   */
  int positions();
}
