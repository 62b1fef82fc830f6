package io.github.bunvec.bench.peers;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * A bar chart as SVG: groups of horizontal bars, each with its name on the left and its value
 * behind it.
 *
 * <p>It follows the reader's choice of a light or a dark page and has a background of its own for
 * viewers that know neither.
 */
final class BarChart {

  /**
   * A bar.
   *
   * @param label its name
   * @param value its length; not negative
   * @param text what stands behind it
   * @param emphasised whether it is the one to look at
   */
  record Bar(String label, double value, String text, boolean emphasised) {}

  /**
   * Bars that belong together.
   *
   * @param title what they have in common
   * @param bars the bars
   */
  record Group(String title, List<Bar> bars) {}

  private static final int WIDTH = 760;
  private static final int MARGIN = 24;
  private static final int LABELS = 210;
  private static final int VALUES = 130;
  private static final int BAR = 16;
  private static final int STEP = 21;
  private static final int HEAD = 78;
  private static final int GROUP_HEAD = 26;
  private static final int GROUP_GAP = 12;

  private static final String STYLE =
      """
        .page { fill: #fbfbfa; stroke: #d9dadb; }
        text { font-family: system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f; }
        .title { font-size: 17px; font-weight: 600; }
        .note { font-size: 12px; fill: #57606a; }
        .group { font-size: 13px; font-weight: 600; }
        .label, .value { font-size: 12.5px; }
        .own { font-weight: 600; }
        .bar { fill: #a3adb8; }
        .bar.own { fill: #1f6feb; }
        .axis { stroke: #d0d5da; }
        @media (prefers-color-scheme: dark) {
          .page { fill: #161b22; stroke: #30363d; }
          text { fill: #e6edf3; }
          .note { fill: #9da7b1; }
          .bar { fill: #626d79; }
          .bar.own { fill: #58a6ff; }
          .axis { stroke: #3b434c; }
        }
      """;

  private final StringBuilder out = new StringBuilder();
  private final Formatter svg = new Formatter(out, Locale.ROOT);

  private BarChart() {}

  /**
   * Draws a chart.
   *
   * @param title what it shows
   * @param note how to read it
   * @param groups the bars; all have one scale, from 0 to the greatest value
   * @return the file's text
   */
  static String svg(String title, String note, List<Group> groups) {
    BarChart chart = new BarChart();
    double greatest = 0;
    int height = HEAD;
    for (Group group : groups) {
      height += GROUP_HEAD + STEP * group.bars().size() + GROUP_GAP;
      for (Bar bar : group.bars()) {
        greatest = Math.max(greatest, bar.value());
      }
    }
    chart.begin(title, note, height);
    chart.draw(groups, (WIDTH - 2 * MARGIN - LABELS - VALUES) / greatest);
    return chart.out.append("</svg>\n").toString();
  }

  private void begin(String title, String note, int height) {
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " role=\"img\" aria-label=\"%s\">\n",
        WIDTH, height, WIDTH, height, escaped(title));
    out.append("  <style>\n").append(STYLE).append("  </style>\n");
    svg.format(
        "  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
        WIDTH - 1, height - 1);
    text("title", MARGIN, 34, "start", title);
    text("note", MARGIN, 55, "start", note);
  }

  private void draw(List<Group> groups, double scale) {
    int x = MARGIN + LABELS;
    int y = HEAD;
    for (Group group : groups) {
      text("group", MARGIN, y + 12, "start", group.title());
      y += GROUP_HEAD;
      svg.format(
          "  <line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
          x, y - 3, x, y + STEP * group.bars().size() - 2);
      for (Bar bar : group.bars()) {
        String own = bar.emphasised() ? " own" : "";
        double length = bar.value() * scale;
        text("label" + own, x - 10, y + 12, "end", bar.label());
        svg.format(
            "  <rect class=\"bar%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
            own, x, y, length, BAR);
        text("value" + own, x + length + 8, y + 12, "start", bar.text());
        y += STEP;
      }
      y += GROUP_GAP;
    }
  }

  private void text(String style, double x, int y, String anchor, String text) {
    svg.format(
        "  <text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
        style, x, y, anchor, escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
