/** The kernels of the CPU backend, and the only place that knows the Vector API. */
package io.github.bunvec.engine.cpu.kernel;
