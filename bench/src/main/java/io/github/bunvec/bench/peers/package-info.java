/**
 * bunvec beside what users would take instead, in one run: {@link
 * io.github.bunvec.bench.peers.PeersCommand}.
 *
 * <p>A {@link io.github.bunvec.bench.peers.Contest} is work that several {@link
 * io.github.bunvec.bench.peers.Contender}s do; {@link io.github.bunvec.bench.peers.Rounds} lets
 * them do it in turn, round after round, and divides only what belongs to the same round.
 */
package io.github.bunvec.bench.peers;
