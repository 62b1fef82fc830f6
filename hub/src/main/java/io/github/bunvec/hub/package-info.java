/** A model's name in, its snapshot directory out: start at {@link io.github.bunvec.hub.Hub}. */
package io.github.bunvec.hub;
