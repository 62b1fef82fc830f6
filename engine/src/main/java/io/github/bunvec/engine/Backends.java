package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.BackendProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds backends and chooses among them. */
final class Backends {

  /** A provider, what it is told beside the options that all have, and why it was taken. */
  record Choice(BackendProvider provider, String parameters, String reason) {}

  /** What a user asked for: {@code NAME} or {@code NAME:PARAMETERS}; null without a colon. */
  private record Asked(String name, @Nullable String parameters) {

    static Asked of(String text) {
      int colon = text.indexOf(':');
      return colon < 0
          ? new Asked(text, null)
          : new Asked(text.substring(0, colon), text.substring(colon + 1));
    }

    boolean automatic() {
      return name.equals("auto");
    }
  }

  private Backends() {}

  /**
   * Begins, in a thread of its own, what a backend of this name will need, or each of those that
   * the automatic choice may take: to choose first would take as long as some of it. Whatever
   * stands in the way is told when the backend is made.
   */
  static void prepare(String text) {
    Asked asked = Asked.of(text);
    Thread.ofPlatform()
        .daemon()
        .name("bunvec-prepare")
        .uncaughtExceptionHandler((_, _) -> {})
        .start(
            () ->
                providers().stream()
                    .filter(p -> asked.automatic() ? p.rank() >= 0 : asked.name().equals(p.name()))
                    .forEach(BackendProvider::prepare));
  }

  /**
   * Chooses by name; {@code auto} takes the available one of the highest rank.
   *
   * @param text {@code auto}, {@code NAME} or {@code NAME:PARAMETERS}
   */
  static Choice choose(String text) {
    List<BackendProvider> providers = providers();
    Asked asked = Asked.of(text);
    String parameters = asked.parameters();
    if (asked.automatic() && parameters != null) {
      throw new IllegalArgumentException(
          "backend 'auto' takes no parameters, found '%s'; they belong to a backend by name, as in cuda:0"
              .formatted(parameters));
    }
    if (asked.automatic()) {
      return automatic(providers);
    }
    BackendProvider provider = named(asked.name(), providers);
    if (parameters != null && parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "backend '%s' has nothing behind the colon; expected parameters there, or '%s' alone"
              .formatted(text, asked.name()));
    }
    return new Choice(provider, parameters == null ? "" : parameters, "asked for");
  }

  /** Returns all there are, the highest rank first. */
  private static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::rank).reversed());
    return providers;
  }

  private static BackendProvider named(String name, List<BackendProvider> providers) {
    for (BackendProvider provider : providers) {
      if (provider.name().equals(name)) {
        provider
            .unavailableReason()
            .ifPresent(
                reason -> {
                  throw new IllegalStateException("backend '" + name + "': " + reason);
                });
        return provider;
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
        return new Choice(provider, "", String.join("; ", reasons));
      }
      reasons.add(provider.name() + ": " + unavailable.get());
    }
    throw new IllegalStateException(
        "no backend is available (%s); the backend 'reference' always is, but very slow"
            .formatted(String.join("; ", reasons)));
  }
}
