package io.github.bunvec.bench.gpu;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has found so far. */
final class GpuReport {

  private final Map<String, String> header;
  private final List<Table> tables = new ArrayList<>();
  private final @Nullable Path markdown;
  private final @Nullable Path json;

  /**
   * Creates a report.
   *
   * @param header what figures depend on, a line each
   * @param markdown a file to write as well; null for none
   * @param json a file for values with all their digits; null for none
   */
  GpuReport(Map<String, String> header, @Nullable Path markdown, @Nullable Path json) {
    this.header = new LinkedHashMap<>(header);
    this.markdown = markdown;
    this.json = json;
  }

  /** Adds a line to the header. */
  void put(String key, String value) {
    header.put(key, value);
  }

  /** Adds a table and writes everything anew: a run takes long and may be cut off. */
  void add(Table table) throws IOException {
    tables.add(table);
    if (markdown != null) {
      Files.writeString(markdown, markdown());
    }
    if (json != null) {
      Files.writeString(json, json());
    }
  }

  /** Returns it in Markdown. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    header.forEach((key, value) -> out.append("* %s: %s\n".formatted(key, value)));
    tables.forEach(table -> out.append(table.markdown()));
    return out.toString();
  }

  /** Returns it with all digits. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("header", header);
    all.put("tables", tables);
    return new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
  }
}
