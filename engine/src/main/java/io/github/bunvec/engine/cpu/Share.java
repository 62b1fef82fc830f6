package io.github.bunvec.engine.cpu;

import org.jspecify.annotations.Nullable;

/**
 * One member's way through the operations of a pass: which parts of each it computes.
 *
 * <p>Used for every operation in the same way:
 *
 * <pre>
 *   share.begin(items, partsPerMember);
 *   while (share.next()) {
 *     ... the items share.from() .. share.to()
 *   }
 *   share.end();
 * </pre>
 *
 * <p>A member on its own has one part, everything, and waits for no one.
 */
final class Share {

  private @Nullable Progress progress; // null: on its own
  private int members;
  private int member; // which of them
  private int operation; // number of the current one in the job
  private int items;
  private int parts;
  private int part;
  private int finished; // parts of the current operation

  /** Goes on its own from here. */
  void alone() {
    progress = null;
    members = 1;
    member = 0;
  }

  /** Shares the operations of a job with others, from its first on. */
  void with(Progress shared, int memberCount, int number) {
    progress = shared;
    members = memberCount;
    member = number;
    operation = 0;
  }

  /** Starts an operation on {@code count} items. */
  void begin(int count, int partsPerMember) {
    items = count;
    parts = progress == null ? 1 : Math.min(count, members * partsPerMember);
    part = -1;
    finished = -1;
  }

  /** Finishes the part at hand, if any, and takes the next one; false when there is none. */
  boolean next() {
    finished++;
    part = progress == null ? part + 1 : progress.claim(operation, member, parts);
    return part < parts;
  }

  /** Whether the items behind those of the part at hand will most likely be this member's next. */
  boolean ahead() {
    return progress != null
        && part >= progress.begin(member, parts)
        && part + 1 < progress.begin(member + 1, parts);
  }

  /** First item of the part at hand. */
  int from() {
    return (int) ((long) items * part / parts);
  }

  /** One past its last item. */
  int to() {
    return (int) ((long) items * (part + 1) / parts);
  }

  /** Ends the operation: returns when every part of it is done. */
  void end() {
    if (progress != null) {
      progress.finish(operation, finished);
      progress.await(operation++, parts);
    }
  }
}
