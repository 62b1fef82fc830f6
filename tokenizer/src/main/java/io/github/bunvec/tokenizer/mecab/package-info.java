/** MeCab's dictionaries and its way to cut a text into words. */
package io.github.bunvec.tokenizer.mecab;
