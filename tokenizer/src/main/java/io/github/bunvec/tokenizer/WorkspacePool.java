package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lends working memory. At most as many workspaces as there are processors lie idle, none of them
 * grown by a huge text; not bound to threads, so that many virtual threads do not keep one each.
 */
final class WorkspacePool {

  /** Enough for texts of about 10,000 characters. */
  static final long MAX_RETAINED_BYTES = 4 << 20;

  private final @Nullable Dictionary dictionary;
  private final @Nullable SentencePieceModel model;
  private final ArrayBlockingQueue<Workspace> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  WorkspacePool(@Nullable Dictionary dictionary) {
    this(dictionary, null);
  }

  WorkspacePool(@Nullable Dictionary dictionary, @Nullable SentencePieceModel model) {
    this.dictionary = dictionary;
    this.model = model;
  }

  Workspace take() {
    Workspace workspace = idle.poll();
    return workspace == null ? new Workspace(dictionary, model) : workspace;
  }

  void giveBack(Workspace workspace) {
    if (workspace.retainedBytes() <= MAX_RETAINED_BYTES) {
      // When the pool is full the workspace is left to the garbage collector.
      boolean _ = idle.offer(workspace);
    }
  }

  /** Returns how much memory lies idle, about. */
  long retainedBytes() {
    return idle.stream().mapToLong(Workspace::retainedBytes).sum();
  }
}
