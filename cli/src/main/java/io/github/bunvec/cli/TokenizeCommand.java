package io.github.bunvec.cli;

import io.github.bunvec.engine.ModelTokenizer;
import io.github.bunvec.engine.TruncationPolicy;
import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bunvec tokenize}. */
@Command(
    name = "tokenize",
    description = "Shows the words, the tokens and the ids of texts.",
    footer = {
      "",
      "Formats:",
      "  text   the words, then a table of tokens and ids",
      "  jsonl  one object for each text: text, words (of the whole text), tokens, ids, truncated"
    })
final class TokenizeCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--truncate",
      negatable = true,
      description = "Cut texts at the maximum length, or do not. Default: cut.")
  private @Nullable Boolean truncate;

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::tokenize);
  }

  private void tokenize(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSONL);
    try (TextSource texts = input.open(console)) {
      ModelTokenizer model = options.loadTokenizer(statistics);
      boolean whole = Boolean.FALSE.equals(truncate);
      int limit = whole ? Tokenizer.NO_LIMIT : model.maxLength();
      try (ResultStream out = output.open(console, input.file());
          ProgressBar progress = new ProgressBar(console)) {
        TextChunks.forEach(
            texts,
            progress,
            (chunk, first) -> {
              progress.eraseBefore(output.toStandardOutput());
              for (int i = 0; i < chunk.size(); i++) {
                String where = texts.where(first + i);
                out.line(tokenize(chunk.get(i), where, limit, model, format, statistics));
              }
              out.flush();
            });
      }
    }
  }

  private String tokenize(
      String text,
      String where,
      int limit,
      ModelTokenizer model,
      OutputFormat format,
      RunStatistics statistics) {
    long start = System.nanoTime();
    Tokenizer tokenizer = model.tokenizer();
    String prepared = model.prepare(text);
    List<String> words = tokenizer.words(prepared);
    Encoding encoding = tokenizer.encode(prepared, limit);
    statistics.worked(System.nanoTime() - start);
    if (encoding.truncated() && options.onTooLong() == TruncationPolicy.ERROR) {
      throw CommandException.badInput(
          Embedder.tooLong(where, encoding.lengthBeforeTruncation(), limit));
    }
    List<String> tokens = Arrays.stream(encoding.ids()).mapToObj(tokenizer::token).toList();
    statistics.count(tokens.size(), encoding.truncated());
    if (format == OutputFormat.JSONL) {
      return new JsonLine()
          .add("text", text)
          .add("words", words)
          .add("tokens", tokens)
          .add("ids", encoding.ids())
          .add("truncated", encoding.truncated())
          .toString();
    }
    return table(text, words, tokens, encoding);
  }

  private static String table(
      String text, List<String> words, List<String> tokens, Encoding encoding) {
    StringBuilder table = new StringBuilder();
    table.append("text: ").append(Display.line(text)).append('\n');
    table.append("words: ").append(Display.line(String.join(" | ", words))).append('\n');
    for (int i = 0; i < tokens.size(); i++) {
      String token = Display.line(tokens.get(i));
      table.append(String.format(Locale.ROOT, "%6d %8d  %s\n", i, encoding.ids()[i], token));
    }
    if (encoding.truncated()) {
      table.append("cut; the whole text has ");
      table.append(encoding.lengthBeforeTruncation()).append(" tokens\n");
    }
    return table.toString();
  }
}
