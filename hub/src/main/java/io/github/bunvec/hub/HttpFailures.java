package io.github.bunvec.hub;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer that is not the one asked for means, and what a person can do about it. The Hub
 * gives its reasons in {@code X-Error-Code} and {@code X-Error-Message}.
 */
final class HttpFailures {

  private static final Set<Integer> TRANSIENT = Set.of(408, 429, 500, 502, 503, 504);
  private static final int MAX_MESSAGE = 200;

  private final HubSettings settings;
  private final ModelId model;

  HttpFailures(HubSettings settings, ModelId model) {
    this.settings = settings;
    this.model = model;
  }

  /**
   * Makes an exception of an answer.
   *
   * @param file the file asked for; null for the list of files
   */
  IOException of(Response response, @Nullable String file) {
    int status = response.status();
    String said = said(response);
    String code = response.header("X-Error-Code").orElse("");
    String name = file == null ? model.toString() : model + ": " + file;
    if (TRANSIENT.contains(status)) {
      return new TransientFailure(
          "%s answers HTTP %d%s".formatted(response.address().getHost(), status, said),
          retryAfter(response, Instant.now()));
    }
    URI page = URI.create(settings.endpoint() + "/" + model.repository());
    return new HubException(
        switch (code) {
          case "GatedRepo" ->
              "%s is gated (HTTP %d): accept its terms at %s, and set HF_TOKEN to a token of that account%s"
                  .formatted(model.repository(), status, page, said);
          case "RevisionNotFound" ->
              "%s has no revision '%s' (HTTP %d)%s"
                  .formatted(model.repository(), model.revision(), status, said);
          case "EntryNotFound" -> "%s: no such file (HTTP %d)%s".formatted(name, status, said);
          case "RepoNotFound" -> noRepository(status, said);
          default ->
              switch (status) {
                case 401 ->
                    said.contains("Invalid credentials")
                        ? badToken(said)
                        : noRepository(status, said);
                case 403 ->
                    "%s: access refused (HTTP 403): the token in HF_TOKEN or the token file must have the right to read it%s"
                        .formatted(name, said);
                case 404 -> noRepository(status, said);
                case 407 ->
                    "%s: the proxy wants a name and password (HTTP 407): give them in HTTPS_PROXY; for https addresses Java"
                            .formatted(name)
                        + " sends them only with -Djdk.http.auth.tunneling.disabledSchemes= among its options";
                default ->
                    "%s: %s answers HTTP %d%s"
                        .formatted(name, Transport.shown(response.address()), status, said);
              };
        });
  }

  private String noRepository(int status, String said) {
    return "%s: no such model at %s, or it is private (HTTP %d): check the name, or set HF_TOKEN to a token that may read it%s"
        .formatted(model.repository(), settings.endpoint(), status, said);
  }

  private String badToken(String said) {
    return "%s: %s refuses the token (HTTP 401): correct or unset HF_TOKEN, or the token file%s"
        .formatted(model.repository(), settings.endpoint(), said);
  }

  private static String said(Response response) {
    Optional<String> message = response.header("X-Error-Message");
    return message
        .map(text -> text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) : text)
        .map(text -> "; it says: " + text)
        .orElse("");
  }

  /** Seconds or a date (RFC 9110, 10.2.3); null where there is neither. */
  static @Nullable Duration retryAfter(Response response, Instant now) {
    String value = response.header("Retry-After").orElse("");
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
