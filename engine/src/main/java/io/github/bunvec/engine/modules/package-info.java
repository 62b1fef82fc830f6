/** What follows the encoder: the modules of sentence-transformers as operations of the pass. */
package io.github.bunvec.engine.modules;
