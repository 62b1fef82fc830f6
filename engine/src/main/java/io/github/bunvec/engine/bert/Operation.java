package io.github.bunvec.engine.bert;

import io.github.bunvec.engine.spi.Ops;

/** One operation of a pass, its slots and weights decided. */
public interface Operation {

  /**
   * Issues it: exactly one call.
   *
   * @param ops what carries it out
   */
  void run(Ops ops);
}
