package io.github.bunvec.bench.gpu;

import java.util.ArrayList;
import java.util.List;

/** A table of results. */
final class Table {

  private final String title;
  private final String note;
  private final List<String> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * Creates a table without rows.
   *
   * @param title its headline
   * @param note what a reader must know to read it
   * @param columns names of the columns
   */
  Table(String title, String note, String... columns) {
    this.title = title;
    this.note = note;
    this.columns = List.of(columns);
  }

  /** Adds a row. */
  void add(Cell... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d cells in a table of %s".formatted(cells.length, columns));
    }
    rows.add(List.of(cells));
  }

  String title() {
    return title;
  }

  List<List<Cell>> rows() {
    return rows;
  }

  /** Returns it in Markdown. */
  String markdown() {
    StringBuilder out = new StringBuilder("\n### %s\n\n%s\n\n".formatted(title, note));
    line(out, columns);
    line(out, columns.stream().map(_ -> "---").toList());
    rows.forEach(row -> line(out, row.stream().map(Cell::text).toList()));
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
