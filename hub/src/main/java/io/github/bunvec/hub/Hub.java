package io.github.bunvec.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * The Hugging Face Hub and the cache of its files that this machine's Python shares.
 *
 * {@snippet :
 * Path directory = Hub.fromEnvironment()
 *     .snapshot(ModelId.parse("ORG/NAME@main"), DownloadListener.NONE)
 *     .path();
 * }
 *
 * <p>Immutable and safe for concurrent use. Several threads and processes may ask for the same
 * model at once: one downloads, the others wait. Layout, names and variables are those of
 * huggingface_hub 0.36.
 */
public final class Hub {

  private final HubSettings settings;
  private final Pause pause;
  private final CacheFiles.Linker linker;

  Hub(HubSettings settings, Pause pause, CacheFiles.Linker linker) {
    this.settings = settings;
    this.pause = pause;
    this.linker = linker;
  }

  /**
   * Reads {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code
   * HF_HUB_OFFLINE}, the proxies and the like from this process's environment.
   *
   * @return the Hub they describe
   * @throws IOException if one of them has no meaning or the token file cannot be read
   */
  public static Hub fromEnvironment() throws IOException {
    return of(System.getenv());
  }

  /**
   * Does what {@link #fromEnvironment} does with variables given.
   *
   * @param variables names and values
   * @return the Hub they describe
   * @throws IOException if one of them has no meaning or the token file cannot be read
   */
  public static Hub of(Map<String, String> variables) throws IOException {
    return new Hub(
        HubSettings.of(Map.copyOf(variables)),
        Pause.SLEEP,
        (link, target) -> Files.createSymbolicLink(link, target));
  }

  /**
   * Returns the same Hub with another cache.
   *
   * @param directory the directory of the repositories, made when something is downloaded
   * @return a new instance
   */
  public Hub withCache(Path directory) {
    return new Hub(settings.withCache(directory.toAbsolutePath().normalize()), pause, linker);
  }

  /**
   * Returns the same Hub, never asked: only what is in the cache is found.
   *
   * @return a new instance
   */
  public Hub withoutNetwork() {
    return new Hub(settings.withOffline(), pause, linker);
  }

  /**
   * Makes sure that all files bunvec needs of a model are in the cache.
   *
   * <p>A commit that is complete in the cache is not asked about; of a branch or tag the Hub is
   * asked for the newest commit, and where it cannot be reached or is out of order the cached one
   * is taken, with a notice and a remark.
   *
   * @param model which model
   * @param listener hears how it gets on
   * @return where the files are
   * @throws HubException if there is no such model, access is refused, a download fails for good,
   *     or the cache cannot be used
   * @throws IOException if a file of the cache cannot be read
   */
  public Snapshot snapshot(ModelId model, DownloadListener listener) throws IOException {
    CacheFiles cache = new CacheFiles(settings.cache(), model, linker);
    String cached = cache.commit(model);
    if (model.namesCommit() && cached != null && isComplete(model, cached, cache)) {
      return new Snapshot(model, cached, cache.snapshot(cached), null);
    }
    if (settings.offline()) {
      return offline(model, cached, cache, listener);
    }
    try (Transport transport = new Transport(settings)) {
      RepositoryClient client = new RepositoryClient(settings, transport, model);
      RepositoryClient.Listing listing;
      try {
        // Whoever has a copy need not wait for a Hub that is away.
        listing =
            new Retry(model.toString(), cached == null ? Retry.ATTEMPTS : 1, pause, listener)
                .run(client::list);
      } catch (HubException e) {
        if (cached == null || !e.isUnavailable()) {
          throw e;
        }
        return unreachable(model, cached, cache, e, listener);
      }
      return download(model, listing, cache, client, listener);
    }
  }

  private Snapshot download(
      ModelId model,
      RepositoryClient.Listing listing,
      CacheFiles cache,
      RepositoryClient client,
      DownloadListener listener)
      throws IOException {
    String commit = listing.commit();
    var download = new SnapshotDownload(model, commit, client, cache, pause, listener);
    try {
      ModelFiles.Choice choice = new ModelFiles(model, listing.names(), download).require();
      remember(model, listing, choice, cache, listener);
    } catch (FileSystemException e) {
      throw cache.unusable(Path.of(String.valueOf(e.getFile())), e);
    }
    return new Snapshot(model, commit, cache.snapshot(commit), null);
  }

  /** Notes what spares the next call a question; a cache that is whole may be read-only. */
  private static void remember(
      ModelId model,
      RepositoryClient.Listing listing,
      ModelFiles.Choice choice,
      CacheFiles cache,
      DownloadListener listener) {
    try {
      // Only now: until its last file is there the commit is no substitute for an older one.
      cache.writeRef(model, listing.commit());
      for (String name : ModelFiles.known(choice.folders())) {
        if (!listing.names().contains(name)) {
          cache.markAbsent(listing.commit(), name);
        }
      }
    } catch (IOException e) {
      listener.notice(
          "%s: the cache %s cannot be written (%s): the Hub will be asked again next time"
              .formatted(model, cache.root(), CacheFiles.reason(e)));
    }
  }

  private static Snapshot offline(
      ModelId model, @Nullable String cached, CacheFiles cache, DownloadListener listener)
      throws IOException {
    if (cached == null) {
      throw new HubException(
          "%s: offline, and not in the cache %s; unset HF_HUB_OFFLINE or download it where there is a network"
              .formatted(model, cache.root()));
    }
    try {
      choose(model, cached, cache);
    } catch (HubException e) {
      throw new HubException(
          "%s: offline, and its copy in the cache %s is not whole: %s"
              .formatted(model, cache.snapshot(cached), e.getMessage()),
          e);
    }
    listener.notice("offline: using cached %s, commit %s".formatted(model, cached));
    return new Snapshot(model, cached, cache.snapshot(cached), "cached, offline");
  }

  private static Snapshot unreachable(
      ModelId model, String cached, CacheFiles cache, HubException why, DownloadListener listener)
      throws IOException {
    try {
      choose(model, cached, cache);
    } catch (HubException e) {
      why.addSuppressed(e);
      throw why;
    }
    listener.notice("%s: using cached commit %s".formatted(why.getMessage(), cached));
    return new Snapshot(
        model, cached, cache.snapshot(cached), "cached, the Hub could not be reached");
  }

  /** Chooses from what is there; throws if that is no whole model. */
  private static ModelFiles.Choice choose(ModelId model, String commit, CacheFiles cache)
      throws IOException {
    NavigableSet<String> names = cache.names(commit);
    return new ModelFiles(
            model,
            names,
            new ModelFiles.Store() {
              @Override
              public void require(Collection<String> wanted) {}

              @Override
              public byte[] read(String name) throws IOException {
                return Files.readAllBytes(cache.pointer(commit, name));
              }
            })
        .require();
  }

  /** Whether each file that matters is known to be there or known not to exist. */
  private static boolean isComplete(ModelId model, String commit, CacheFiles cache)
      throws IOException {
    ModelFiles.Choice choice;
    try {
      choice = choose(model, commit, cache);
    } catch (HubException e) {
      // It lacks something: the Hub is asked.
      return false;
    }
    return ModelFiles.known(choice.folders()).stream()
        .allMatch(
            name ->
                choice.names().contains(name)
                    || cache.isMarkedAbsent(commit, name)
                    || isSpare(name, choice));
  }

  /** Whether a folder's weights are there in a better form. */
  private static boolean isSpare(String name, ModelFiles.Choice choice) {
    int slash = name.lastIndexOf('/');
    String folder = slash < 0 ? "" : name.substring(0, slash);
    int rank = ModelFiles.WEIGHTS.indexOf(name.substring(slash + 1));
    return ModelFiles.WEIGHTS.stream()
        .limit(Math.max(rank, 0))
        .anyMatch(better -> choice.names().contains(ModelFiles.in(folder, better)));
  }
}
