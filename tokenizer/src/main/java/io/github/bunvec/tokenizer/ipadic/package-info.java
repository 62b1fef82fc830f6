/** The embedded dictionary: mecab-ipadic 2.7.0-20070801. */
package io.github.bunvec.tokenizer.ipadic;
