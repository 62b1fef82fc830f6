package io.github.bunvec.engine;

import io.github.bunvec.hub.DownloadListener;
import io.github.bunvec.loader.ModelDirectory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Where a model comes from.
 *
 * @param name how it is called in messages
 */
record ModelSource(String name, Opening opening) {

  /** Something that reads the model's files while they are open. */
  interface Reader<T> {
    T read(ModelDirectory directory) throws IOException;
  }

  /** Opens the directory for as long as the reader runs. */
  interface Opening {
    <T> T open(Reader<T> reader) throws IOException;
  }

  <T> T open(Reader<T> reader) throws IOException {
    return opening.open(reader);
  }

  /** Returns where the files are; downloads them if they are on the Hub. */
  ModelSource find(DownloadListener listener) throws IOException {
    return opening instanceof Named ? HubSource.find(name, listener) : this;
  }

  /** A name that is looked for when the model is built. */
  private record Named(String name) implements Opening {
    @Override
    public <T> T open(Reader<T> reader) throws IOException {
      return HubSource.find(name, DownloadListener.NONE).open(reader);
    }
  }

  ModelSource called(String newName) {
    return new ModelSource(newName, opening);
  }

  /** A directory if there is one of that name, else a model of the Hub. */
  static ModelSource named(String name) {
    return new ModelSource(name, new Named(name));
  }

  static ModelSource directory(Path directory) {
    return new ModelSource(
        directory.toString(),
        new Opening() {
          @Override
          public <T> T open(Reader<T> reader) throws IOException {
            return read(directory, reader);
          }
        });
  }

  /** An encoder alone, whatever a modules.json beside it says. */
  static ModelSource encoder(Path directory) {
    return new ModelSource(
        directory.toString(),
        new Opening() {
          @Override
          public <T> T open(Reader<T> reader) throws IOException {
            try (ModelDirectory open = ModelDirectory.openEncoder(directory)) {
              return reader.read(open);
            }
          }
        });
  }

  /**
   * A model under META-INF/bunvec/models on the class or module path: the one place whose resources
   * every module may see. Inside a jar it is read through the JDK's zip file system; nothing is
   * unpacked to disk.
   */
  static ModelSource bundled(String name) {
    return new ModelSource(
        name,
        new Opening() {
          @Override
          public <T> T open(Reader<T> reader) throws IOException {
            URI config = find(name);
            if (!config.getScheme().equals("jar")) {
              return read(Path.of(config).resolveSibling(""), reader);
            }
            String[] parts = config.toString().substring("jar:".length()).split("!/", 2);
            try (FileSystem jar = FileSystems.newFileSystem(Path.of(URI.create(parts[0])))) {
              return read(jar.getPath(parts[1]).resolveSibling(""), reader);
            }
          }
        });
  }

  private static <T> T read(Path path, Reader<T> reader) throws IOException {
    try (ModelDirectory directory = ModelDirectory.open(path)) {
      return reader.read(directory);
    }
  }

  private static URI find(String name) throws IOException {
    String resource = "META-INF/bunvec/models/" + name + "/config.json";
    URL url = ModelSource.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new FileNotFoundException(
          "no bundled model '"
              + name
              + "': "
              + resource
              + " is not on the class or module path;"
              + " add the artifact io.github.bunvec:bunvec-model-"
              + name);
    }
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IOException(url + ": not a URI", e);
    }
  }
}
