package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.BackendProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds backends and chooses among them. */
final class Backends {

  /** A provider and why it was taken. */
  record Choice(BackendProvider provider, String reason) {}

  private Backends() {}

  /**
   * Begins, in a thread of its own, what a backend of this name will need, or each of those that
   * the automatic choice may take: to choose first would take as long as some of it. Whatever
   * stands in the way is told when the backend is made.
   */
  static void prepare(String name) {
    Thread.ofPlatform()
        .daemon()
        .name("bunvec-prepare")
        .uncaughtExceptionHandler((_, _) -> {})
        .start(
            () ->
                providers().stream()
                    .filter(p -> name.equals("auto") ? p.rank() >= 0 : name.equals(p.name()))
                    .forEach(BackendProvider::prepare));
  }

  /** Chooses by name; {@code auto} takes the available one of the highest rank. */
  static Choice choose(String name) {
    List<BackendProvider> providers = providers();
    return name.equals("auto") ? automatic(providers) : named(name, providers);
  }

  /** Returns all there are, the highest rank first. */
  private static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
    return providers;
  }

  private static Choice named(String name, List<BackendProvider> providers) {
    for (BackendProvider provider : providers) {
      if (provider.name().equals(name)) {
        provider
            .unavailableReason()
            .ifPresent(
                reason -> {
                  throw new IllegalStateException("backend '" + name + "': " + reason);
                });
        return new Choice(provider, "asked for");
      }
    }
    throw new IllegalArgumentException(
        "backend '%s' is not installed; there are: auto, %s"
            .formatted(
                name, String.join(", ", providers.stream().map(BackendProvider::name).toList())));
  }

  private static Choice automatic(List<BackendProvider> providers) {
    List<String> reasons = new ArrayList<>();
    for (BackendProvider provider : providers) {
      if (provider.rank() < 0) {
        continue;
      }
      Optional<String> unavailable = provider.unavailableReason();
      if (unavailable.isEmpty()) {
        reasons.addFirst("automatic choice");
        return new Choice(provider, String.join("; ", reasons));
      }
      reasons.add(provider.name() + ": " + unavailable.get());
    }
    throw new IllegalStateException(
        "no backend is available (%s); the backend 'reference' always is, but very slow"
            .formatted(String.join("; ", reasons)));
  }
}
