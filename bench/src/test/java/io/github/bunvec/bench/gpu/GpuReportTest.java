package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuReportTest {

  @Test
  void tablesAreMarkdownAndJson(@TempDir Path folder) throws Exception {
    Path markdown = folder.resolve("gpu.md");
    Path json = folder.resolve("gpu.json");
    GpuReport report = new GpuReport(Map.of("JDK", "25"), markdown, json);
    report.put("GPU", "X");
    Table table = new Table("Title", "A note.", "kernel", "time");
    table.add(Cell.of("embed"), Cell.micros(12_345));
    report.add(table);
    String expected =
        """
        * JDK: 25
        * GPU: X

        ### Title

        A note.

        | kernel | time |
        | --- | --- |
        | embed | 12.3 µs |
        """;
    assertEquals(expected, report.markdown());
    assertEquals(expected, Files.readString(markdown));
    JsonObject all = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    JsonObject cell =
        all.getAsJsonArray("tables")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("rows")
            .get(0)
            .getAsJsonArray()
            .get(1)
            .getAsJsonObject();
    assertEquals(12.345e-6, cell.get("value").getAsDouble(), 1e-12);
  }

  @Test
  void cellsHaveThreeDigits() {
    assertEquals("1.23 µs", Cell.micros(1234).text());
    assertEquals("1,235 µs", Cell.micros(1_234_567).text());
    assertEquals("79,012", Cell.rate(79_012.3).text());
    assertEquals("435", Cell.teraflops(435.2e12).text());
    assertEquals("55 %", Cell.percent(0.551).text());
    assertEquals("1.50×", Cell.times(1.5).text());
    assertEquals("4,096", Cell.count(4096).text());
    assertEquals(0.551, Cell.percent(0.551).value());
  }

  @Test
  void ceilingsHaveUnits() {
    String text =
        CeilingRun.table(new Ceilings(1L << 30, 4.3e12, 790e12, 52e12, 390e12), 8192).markdown();
    assertTrue(text.contains("| copy of 1,024 MB | 4,300 | GB/s |"), text);
    assertTrue(text.contains("| BF16 product | 790 | TFLOP/s |"), text);
  }

  @Test
  void rowsAreAsWideAsTheTable() {
    Table table = new Table("Title", "", "a", "b");
    assertThrows(IllegalArgumentException.class, () -> table.add(Cell.none()));
  }
}
