package io.github.bunvec.engine.cpu.emit;

/**
 * Fetches what will be read next into L2 while a loop computes: so many cache lines in a round of
 * the loop, from up to four places in turn.
 *
 * <p>Along one stream a core of Sapphire Rapids reads 11 GB/s from memory, along four 18: the
 * hardware's own prefetching ends at the border of a page, and more pages are open at a time.
 *
 * <p>Written into a function: {@link #begin} once, {@link #line} for each line of a round, {@link
 * #endRound}, and {@link #endPass} when the loop has ended. One pass fetches what lies behind that
 * of the one before.
 */
final class PrefetchStreams {

  private static final int LINE = 64; // bytes
  private static final int MOST = 4;

  private final Assembler code;
  private final int lines;
  private final int streams;
  private final Register at; // where the first stream is
  private final Register apart; // from a stream to the next
  private final Register apartTimes3;

  /**
   * Uses three registers, which stay its own from {@link #begin} to the last {@link #endPass}.
   *
   * @param lines cache lines in a round, a power of 2 or 0
   * @param at holds the address of what to fetch
   */
  PrefetchStreams(Assembler code, int lines, Register at, Register apart, Register apartTimes3) {
    if (Integer.bitCount(lines) > 1) {
      throw new IllegalArgumentException(lines + " lines a round, expected a power of 2");
    }
    this.code = code;
    this.lines = lines;
    this.streams = Math.min(lines, MOST);
    this.at = at;
    this.apart = apart;
    this.apartTimes3 = apartTimes3;
  }

  /** Returns how many lines a round fetches. */
  int lines() {
    return lines;
  }

  /** Divides what a pass fetches, given its steps and how many of them make a round. */
  void begin(Register steps, int stepsOfRound) {
    if (streams > 1) {
      code.mov(apart, steps);
      int bytes = lines / streams * LINE / stepsOfRound;
      code.shl(apart, Integer.numberOfTrailingZeros(bytes));
      code.lea(apartTimes3, Address.at(apart, apart, 2, 0));
    }
  }

  /** Fetches one line of a round. */
  void line(int number) {
    int displacement = number / streams * LINE;
    code.prefetcht1(
        switch (number % streams) {
          case 0 -> Address.at(at, displacement);
          case 3 -> Address.at(at, apartTimes3, 1, displacement);
          default -> Address.at(at, apart, number % streams, displacement);
        });
  }

  void endRound() {
    if (lines > 0) {
      code.add(at, lines / streams * LINE);
    }
  }

  /** Goes behind the last stream. */
  void endPass() {
    if (streams > 1) {
      code.add(at, streams == 2 ? apart : apartTimes3);
    }
  }
}
