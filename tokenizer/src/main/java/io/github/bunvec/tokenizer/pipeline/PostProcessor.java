package io.github.bunvec.tokenizer.pipeline;

/**
 * What stands around the tokens of a single text: TemplateProcessing, BertProcessing and
 * RobertaProcessing come down to that.
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

  /** Returns how many ids are added. */
  int count() {
    return before.length + after.length;
  }
}
