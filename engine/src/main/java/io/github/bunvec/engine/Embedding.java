package io.github.bunvec.engine;

/**
 * A text's vector and what became of the text.
 *
 * @param vector the vector; [dimension], owned by the receiver
 * @param tokens how many tokens went into it, special tokens included
 * @param truncated whether the text was cut to that many
 */
public record Embedding(float[] vector, int tokens, boolean truncated) {}
