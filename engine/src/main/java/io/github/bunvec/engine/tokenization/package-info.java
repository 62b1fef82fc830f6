/**
 * The tokenizer of a model directory, as AutoTokenizer of transformers 4.57.6 makes it: the classes
 * written in Python from their settings, the fast ones from tokenizer.json, vocab.txt or a
 * SentencePiece model; not exported.
 */
package io.github.bunvec.engine.tokenization;
