package io.github.bunvec.engine;

import io.github.bunvec.hub.DownloadListener;
import io.github.bunvec.hub.Hub;
import io.github.bunvec.hub.HubException;
import io.github.bunvec.hub.ModelId;
import io.github.bunvec.hub.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tells a directory from a model of the Hub. */
final class HubSource {

  private HubSource() {}

  static ModelSource find(String name, DownloadListener listener) throws IOException {
    if (name.isEmpty()) {
      throw new NoSuchFileException(
          "", null, "the model's name is empty, expected a directory or ORG/NAME");
    }
    if (exists(name)) {
      return ModelSource.directory(Path.of(name));
    }
    ModelId model;
    try {
      model = ModelId.parse(name);
    } catch (IllegalArgumentException e) {
      NoSuchFileException failure =
          new NoSuchFileException(
              name,
              null,
              "no such model directory, and no model of the Hub, which is ORG/NAME or ORG/NAME@REVISION");
      failure.initCause(e);
      throw failure;
    }
    try {
      Snapshot snapshot = Hub.fromEnvironment().snapshot(model, listener);
      return ModelSource.directory(snapshot.path()).called(snapshot.description());
    } catch (HubException e) {
      // A mistyped path may look like a name on the Hub.
      throw new HubException(
          "%s; there is no directory '%s' either".formatted(e.getMessage(), name), e);
    }
  }

  private static boolean exists(String name) {
    try {
      return Files.exists(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
