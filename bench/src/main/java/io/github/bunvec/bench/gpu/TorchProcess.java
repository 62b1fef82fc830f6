package io.github.bunvec.bench.gpu;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Python process that stays up and answers a line for a line: requests and answers are JSON
 * objects, see {@code bench/gpu_torch.py}.
 */
final class TorchProcess implements AutoCloseable {

  private static final Gson GSON = new Gson();
  private static final int PATIENCE_SECONDS = 20;

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param command program and arguments
   * @throws IOException if there is no such program
   */
  TorchProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param request what {@code gpu_torch.py} understands
   * @return the answer
   * @throws IOException if the process has ended, or says that it failed
   */
  JsonObject ask(Map<String, ?> request) throws IOException {
    try {
      requests.write(GSON.toJson(request));
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw ended(request, e);
    }
    String line = answers.readLine();
    if (line == null) {
      throw ended(request, null);
    }
    JsonObject answer;
    try {
      answer = GSON.fromJson(line, JsonObject.class);
    } catch (JsonParseException e) {
      throw new IOException("torch answered '%s', expected a JSON object".formatted(line), e);
    }
    if (answer == null || !answer.has("ok") || !answer.get("ok").getAsBoolean()) {
      throw new IOException(
          "torch could not do '%s': %s".formatted(request.get("op"), answer(answer, line)));
    }
    return answer;
  }

  private static String answer(@Nullable JsonObject answer, String line) {
    return answer != null && answer.has("error") ? answer.get("error").getAsString() : line;
  }

  private static IOException ended(Map<String, ?> request, @Nullable IOException cause) {
    return new IOException(
        "the Python process ended before it had done '%s'; its messages are above"
            .formatted(request.get("op")),
        cause);
  }

  @Override
  public void close() {
    try {
      requests.close(); // the end of its input ends it
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly(); // it has closed its side already
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
