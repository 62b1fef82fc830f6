package io.github.bunvec.bench.gpu;

/**
 * Decides how many sets of data a kernel works on in turn.
 *
 * @param bytes what all sets of a kernel should come to: several times the device's cache
 */
record Sets(long bytes) {

  /** Some kernels' sets are so small that their launches are all there is to them. */
  private static final int MOST = 1024;

  /** Times the cache: what was not read for that long is not in it any more. */
  private static final int TIMES = 4;

  /** Takes the size of the device's second-level cache. */
  static Sets beyond(long cache) {
    return new Sets(TIMES * cache);
  }

  /** Returns how many sets of a size there are. */
  int count(long setBytes) {
    return Math.toIntExact(Math.clamp(Math.ceilDiv(bytes, setBytes), 1, MOST));
  }
}
