/** Double-array tries over byte strings. */
package io.github.bunvec.tokenizer.trie;
