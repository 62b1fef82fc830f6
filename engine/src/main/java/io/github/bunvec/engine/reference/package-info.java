/** The model in plain loops: what every backend is tested against. */
package io.github.bunvec.engine.reference;
