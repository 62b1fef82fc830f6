/** What the tokenizers share on Unicode; not exported. */
package io.github.bunvec.tokenizer.unicode;
