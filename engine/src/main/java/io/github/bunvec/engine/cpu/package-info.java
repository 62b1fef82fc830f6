/** The CPU backend: memory, threads, and the operations over them. */
package io.github.bunvec.engine.cpu;
