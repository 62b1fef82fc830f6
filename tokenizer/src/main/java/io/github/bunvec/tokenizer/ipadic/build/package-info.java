/** Makes the embedded dictionary at build time; not part of the shipped jar. */
package io.github.bunvec.tokenizer.ipadic.build;
