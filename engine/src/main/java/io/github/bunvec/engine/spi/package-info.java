/** The seam between model and device: what a backend is given and what it gives back. */
package io.github.bunvec.engine.spi;
