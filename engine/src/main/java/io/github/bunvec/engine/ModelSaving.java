package io.github.bunvec.engine;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModelDirectoryWriter;
import io.github.bunvec.loader.SentenceBertConfig;
import io.github.bunvec.loader.SentenceTransformersConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a loaded model as a directory, from the files it came from: what is in memory is laid out
 * for one processor.
 */
final class ModelSaving {

  /** The name under which a prompt is saved that has none. */
  private static final String UNNAMED_PROMPT = "default";

  private final ModelSource source;
  private final ModelSettings settings;
  private final boolean lowerCase;

  ModelSaving(ModelSource source, ModelSettings settings, boolean lowerCase) {
    this.source = source;
    this.settings = settings;
    this.lowerCase = lowerCase;
  }

  void to(Path target) throws IOException {
    requireExpressible();
    source.open(
        directory -> {
          ModelDirectoryWriter writer =
              new ModelDirectoryWriter(
                      directory, settings.pipeline().modules(), directory::openModule)
                  .sentenceBert(new SentenceBertConfig(settings.maxLength(), lowerCase))
                  .sentenceTransformers(encoding());
          if (leavesDictionaryOpen(directory)) {
            writer.mecabDic("ipadic");
          }
          writer.write(target);
          return target;
        });
  }

  /** Python's library normalizes what a file asks for before it truncates, never after. */
  private void requireExpressible() {
    if (settings.pipeline().normalizesTruncated()) {
      throw new IllegalStateException(
          "vectors that are truncated and then normalized cannot be saved as a model: no file of"
              + " sentence-transformers says so; save it without normalize(true)");
    }
  }

  /** Libraries differ in the dictionary they take where none is named. */
  private static boolean leavesDictionaryOpen(ModelDirectory directory) {
    return directory.tokenizer().tokenizerClass().equals("BertJapaneseTokenizer")
        && directory.tokenizer().wordTokenizerType().equals("mecab")
        && directory.tokenizer().mecabDic() == null
        && directory.tokenizer().mecabOption() == null;
  }

  private SentenceTransformersConfig encoding() {
    Map<String, String> prompts = new LinkedHashMap<>(settings.prompts().named());
    String inForce = settings.prompts().inForce();
    String name = null;
    if (!inForce.isEmpty()) {
      name = nameOf(inForce, prompts);
      if (name == null) {
        name = UNNAMED_PROMPT;
        if (prompts.putIfAbsent(name, inForce) != null) {
          throw new CheckpointException(
              "the prompt cannot be saved: the model has another one named '" + name + "'");
        }
      }
    }
    boolean truncated = settings.dimension() < settings.pipeline().fullDimension();
    return new SentenceTransformersConfig(
        prompts,
        name,
        settings.similarity().functionName(),
        truncated ? settings.dimension() : null);
  }

  private static @Nullable String nameOf(String prompt, Map<String, String> prompts) {
    return prompts.entrySet().stream()
        .filter(entry -> entry.getValue().equals(prompt))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
