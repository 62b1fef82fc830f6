package io.github.bunvec.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A directory shaped as a published model, and what Python makes of it
 * (tools/golden/lookalikes.py).
 *
 * @param directory its name
 * @param profile whose habits the golden file was made by
 * @param golden the golden file's name
 * @param unidicLite whether it names the dictionary unidic_lite
 */
record Lookalike(String directory, Profile profile, String golden, boolean unidicLite) {

  /** What Python makes of one text. */
  record Row(String text, int[] ids, float[] vector) {}

  static Lookalike of(String directory, Profile profile) {
    String golden = directory + "." + profile.libraryName() + ".jsonl";
    return new Lookalike(directory, profile, golden, false);
  }

  Lookalike withUnidicLite() {
    return new Lookalike(directory, profile, golden, true);
  }

  static Path folder() {
    try {
      return Path.of(
          Objects.requireNonNull(Lookalike.class.getResource("lookalikes"), "look-alikes").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unpacks the part of unidic-lite that cuts the golden texts as all of it does. */
  static Path unpackDictionary(Path target) throws IOException {
    Path archive = folder().resolve("unidic-lite-subset.zip");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Files.copy(in, target.resolve(entry.getName()));
      }
    }
    return target;
  }

  Path path() {
    return folder().resolve(directory);
  }

  List<Row> rows() throws IOException {
    String lines = Files.readString(folder().resolve(golden), StandardCharsets.UTF_8);
    return List.of(lines.strip().split("\n", -1)).stream().map(Lookalike::row).toList();
  }

  private static Row row(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    JsonArray values = json.getAsJsonArray("embedding");
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i).getAsFloat();
    }
    int[] ids =
        json.getAsJsonArray("ids").asList().stream().mapToInt(id -> id.getAsInt()).toArray();
    return new Row(json.get("text").getAsString(), ids, vector);
  }

  @Override
  public String toString() {
    return directory + ", " + profile.name().toLowerCase(Locale.ROOT);
  }
}
