package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.peers.BarChart.Bar;
import io.github.bunvec.bench.peers.BarChart.Group;
import io.github.bunvec.bench.peers.Outcome.Entry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportsTest {

  private static Outcome outcome() {
    double[] ceiling = {100, 200, 100};
    return new Outcome(
        "equal lengths",
        "4x8",
        2,
        4,
        32,
        false,
        10,
        new double[] {60, 60, 60},
        ceiling,
        List.of(
            new Entry("bunvec FP32", true, Agreement.FP32, new double[] {0.2, 0.1, 0.2}),
            new Entry(
                "ONNX Runtime, fused graph", false, Agreement.FP32, new double[] {0.4, 0.3, 0.2}),
            new Entry(
                "ONNX Runtime, plain graph", false, Agreement.FP32, new double[] {0.8, 0.4, 0.5}),
            new Entry("torch BF16", false, Agreement.BF16, new double[] {0.1, 0.1, 0.1})));
  }

  @Test
  void ratiosAreTakenWithinRounds() {
    String report = MarkdownReport.of(Map.of("processor", "X"), List.of(outcome()));
    assertTrue(report.startsWith("* processor: X\n"), report);
    assertTrue(report.contains("### Equal lengths, 2 threads"), report);
    assertTrue(report.contains("FMA ceiling: 100 [100 to 150] GFLOP/s"), report);
    // 10 GFLOP in 0.2, 0.1, 0.2 s are 50, 100, 50: half of each round's ceiling.
    assertTrue(report.contains("| 4x8 | **bunvec FP32** | 200 ms | 50 | 50 % | 20.0 |  |"), report);
    // 0.4/0.2, 0.3/0.1, 0.2/0.2: not the ratio of the medians, 1.5.
    assertTrue(report.contains("| 300 ms | 33 | 25 % | 13.3 | 2.00× [1.50 to 2.50] |"), report);
  }

  @Test
  void theChartHasTheBetterGraphAndNothingInBf16() throws Exception {
    String svg = ModelChart.of(Map.of("processor", "X"), List.of(outcome()));
    Document document = parse(svg);
    NodeList texts = document.getElementsByTagName("text");
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < texts.getLength(); i++) {
      all.append(texts.item(i).getTextContent()).append('|');
    }
    assertTrue(all.toString().contains("|bunvec FP32|50 % · 20.0 texts/s|"), all.toString());
    assertTrue(all.toString().contains("|ONNX Runtime|25 % · 13.3 texts/s|"), all.toString());
    assertFalse(all.toString().contains("torch"), all.toString());
  }

  @Test
  void barsAreAsLongAsTheirValues() throws Exception {
    Group group =
        new Group(
            "<a & \"b\">", List.of(new Bar("one", 1, "1", false), new Bar("two", 2, "2", true)));
    String svg = BarChart.svg("title", "note", List.of(group));
    assertTrue(svg.contains("prefers-color-scheme: dark"));
    NodeList rectangles = parse(svg).getElementsByTagName("rect");
    assertEquals(3, rectangles.getLength());
    Element one = (Element) rectangles.item(1);
    Element two = (Element) rectangles.item(2);
    double length = Double.parseDouble(one.getAttribute("width"));
    assertEquals(2 * length, Double.parseDouble(two.getAttribute("width")), 0.15);
    assertEquals("bar", one.getAttribute("class"));
    assertEquals("bar own", two.getAttribute("class"));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
