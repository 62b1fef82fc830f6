package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.bench.peers.Statistics.Quartiles;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void quartilesAreInterpolatedAsNumpyDoes() {
    // numpy.quantile([3, 1, 2, 10], [.25, .5, .75]) is [1.75, 2.5, 4.75].
    double[] values = {3, 1, 2, 10};
    assertEquals(new Quartiles(1.75, 2.5, 4.75), Statistics.quartiles(values));
    assertArrayEquals(new double[] {3, 1, 2, 10}, values);
    assertEquals(new Quartiles(7, 7, 7), Statistics.quartiles(new double[] {7}));
    assertEquals(2, Statistics.median(new double[] {9, 2, 1}));
  }

  @Test
  void ratiosArePaired() {
    double[] ratios = Statistics.ratios(new double[] {2, 9}, new double[] {4, 3});
    assertArrayEquals(new double[] {0.5, 3}, ratios);
  }

  @Test
  void nothingHasNoMedian() {
    assertThrows(IllegalArgumentException.class, () -> Statistics.median(new double[0]));
  }
}
