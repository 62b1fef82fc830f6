package io.github.bunvec.engine.cpu.emit;

import java.util.ArrayList;
import java.util.List;

/** A place in code to jump to, before or after it is known. */
final class Label {

  int position = -1; // in the code; -1: not set yet
  final List<Integer> jumps = new ArrayList<>(); // where distances to it are to be filled in
}
