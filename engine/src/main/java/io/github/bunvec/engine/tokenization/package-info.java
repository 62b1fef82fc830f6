/**
 * The fast tokenizers of a model directory: tokenizer.json, vocab.txt or a SentencePiece model to a
 * pipeline, as AutoTokenizer of transformers 4.57.6 makes it; not exported.
 */
package io.github.bunvec.engine.tokenization;
