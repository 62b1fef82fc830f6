package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Java example of the README compiles, runs, and is the one below. */
class ReadmeExampleTest {

  @Test
  void runs() throws IOException {
    try (EmbeddingModel model =
        EmbeddingModel.loadBundled("mini-ja")) { // or load(Path.of("model-directory"))
      float[] vector = model.embed("今日は良い天気です。");
      float[][] vectors = model.embedAll(List.of("猫が好きです。", "犬を飼っています。"));
      double closeness = model.similarity("今日は良い天気です。", "本日は快晴なり。");
      Embedding result = model.encode("吾輩は猫である。名前はまだ無い。");
      System.out.printf(
          "%d vectors of %d values; similarity %.3f; %d tokens, truncated: %b%n",
          vectors.length, vector.length, closeness, result.tokens(), result.truncated());
    }
  }

  @Test
  void isTheOneOfTheReadme() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    String block = readme.split("```java\n", 2)[1].split("\n```", 2)[0];
    String example = block.substring(block.indexOf("try ("));
    String source =
        Files.readString(Path.of("src/test/java/io/github/bunvec/engine/ReadmeExampleTest.java"));
    assertTrue(withoutSpace(source).contains(withoutSpace(example)), "README and test differ");
    assertEquals(3, block.lines().filter(line -> line.startsWith("import ")).count());
  }

  /** Without white space and the marks of comments, which the formatter moves. */
  private static String withoutSpace(String code) {
    return code.replace("//", "").replaceAll("\\s+", "");
  }
}
