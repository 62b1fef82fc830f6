/** Text to token ids: the tokenizers and what they are made of. */
package io.github.bunvec.tokenizer;
