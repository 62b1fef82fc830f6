/**
 * The pipeline of a {@code tokenizer.json}: normaliser, pre-tokenizer, model and post-processor
 * with the results of the tokenizers library, version 0.22.
 *
 * <p>The classes carry the names of that file's components. Start at {@link
 * io.github.bunvec.tokenizer.pipeline.TokenizationPipeline}.
 */
package io.github.bunvec.tokenizer.pipeline;
