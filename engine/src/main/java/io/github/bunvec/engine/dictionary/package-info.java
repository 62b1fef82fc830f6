/**
 * The MeCab dictionaries of this machine, and the choice of the one a model's tokenizer cuts words
 * with.
 */
package io.github.bunvec.engine.dictionary;
