package io.github.bunvec.bench.peers;

/**
 * One that does a contest's work.
 *
 * @param name how reports call it
 * @param own whether it is bunvec
 * @param agreement how close its results must be to bunvec's in FP32
 * @param task the work, made ready
 * @param order which text each result belongs to, call by call; empty where results are in order
 */
record Contender(String name, boolean own, Agreement agreement, Task task, int[][] order) {

  /** Does all the work once and returns its results in the contest's order. */
  float[][] results(int count) {
    float[][] results = new float[count][];
    int next = 0;
    for (int call = 0; call < task.calls(); call++) {
      task.run(call);
      float[][] part = task.result();
      for (int i = 0; i < part.length; i++) {
        results[order.length == 0 ? next++ : order[call][i]] = part[i];
      }
    }
    return results;
  }
}
