/** What a user holds: {@link io.github.bunvec.engine.EmbeddingModel} and its results. */
package io.github.bunvec.engine;
