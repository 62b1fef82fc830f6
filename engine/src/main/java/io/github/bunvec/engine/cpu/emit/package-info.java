/** Machine code of our own: BF16 arithmetic, which the Vector API does not have. */
package io.github.bunvec.engine.cpu.emit;
