package io.github.bunvec.cli;

import io.github.bunvec.hub.Hub;
import io.github.bunvec.hub.ModelId;
import io.github.bunvec.hub.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bunvec download}. */
@Command(
    name = "download",
    description = "Gets a model of the Hugging Face Hub and prints its directory.",
    footer = {
      "",
      "Only the files bunvec reads are downloaded, into the cache that Python's huggingface_hub uses.",
      "Environment: HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE=1,",
      "HF_HUB_ETAG_TIMEOUT, HF_HUB_DOWNLOAD_TIMEOUT, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY."
    })
final class DownloadCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      paramLabel = "ORG/NAME[@REVISION]",
      description = "Which model, and which branch, tag or commit of it. Default revision: main.")
  private String model = "";

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Directory of the cache. Default: as the environment says.")
  private @Nullable Path cache;

  @Option(names = "--offline", description = "Look in the cache only.")
  private boolean offline;

  DownloadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ModelId id;
    try {
      id = ModelId.parse(model);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    Hub hub = Hub.fromEnvironment();
    if (cache != null) {
      hub = hub.withCache(cache);
    }
    if (offline) {
      hub = hub.withoutNetwork();
    }
    Snapshot snapshot;
    try (DownloadReport report = new DownloadReport(console)) {
      snapshot = hub.snapshot(id, report);
    }
    console.out().write((snapshot.path() + "\n").getBytes(StandardCharsets.UTF_8));
    return ExitCode.OK;
  }
}
