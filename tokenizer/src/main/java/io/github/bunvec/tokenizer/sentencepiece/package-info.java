/** SentencePiece unigram models: text to pieces as the sentencepiece library makes them. */
package io.github.bunvec.tokenizer.sentencepiece;
