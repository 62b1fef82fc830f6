package io.github.bunvec.tokenizer.pipeline;

import java.util.stream.IntStream;

/**
 * What stands around the tokens of a single text: TemplateProcessing, BertProcessing,
 * RobertaProcessing and sequences of them come down to that.
 *
 * @param before ids before the text's; not copied
 * @param after ids after the text's; not copied
 */
public record PostProcessor(int[] before, int[] after) {

  /**
   * Returns the post-processor that adds nothing.
   *
   * @return what stands for JSON's null
   */
  public static PostProcessor none() {
    return new PostProcessor(new int[0], new int[0]);
  }

  /**
   * Returns a post-processor that runs another after this one.
   *
   * @param outer puts its ids around those of this one
   * @return both
   */
  public PostProcessor then(PostProcessor outer) {
    return new PostProcessor(concatenate(outer.before, before), concatenate(after, outer.after));
  }

  private static int[] concatenate(int[] a, int[] b) {
    return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
  }

  /** Returns how many ids are added. */
  int count() {
    return before.length + after.length;
  }
}
