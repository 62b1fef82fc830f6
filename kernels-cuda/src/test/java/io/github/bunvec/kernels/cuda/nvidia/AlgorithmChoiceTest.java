package io.github.bunvec.kernels.cuda.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.kernels.cuda.device.GpuException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which algorithm is taken, with a library that exists in this test alone. */
class AlgorithmChoiceTest {

  /**
   * An algorithm.
   *
   * @param bits of its first row; the others' follow from it
   * @param cost of a product
   */
  private record Way(String name, int bits, float cost) {}

  /** A library that offers some algorithms, and refuses others, by the number of rows. */
  private static final class Library implements AlgorithmChoice.Trials<Way> {

    private final Map<Integer, List<Way>> offered = new HashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> timed = new ArrayList<>();

    Library offer(int m, Way... ways) {
      offered.put(m, List.of(ways));
      return this;
    }

    Library refuse(Way way, int m) {
      refused.add(way.name() + m);
      return this;
    }

    @Override
    public List<Way> candidates(int m) {
      return offered.getOrDefault(m, List.of());
    }

    @Override
    public int period() {
      return 16;
    }

    @Override
    public byte @Nullable [] rows(Way way, int m) {
      if (refused.contains(way.name() + m)) {
        return null;
      }
      byte[] rows = new byte[3 * Math.min(m, period())];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (byte) (way.bits() + i);
      }
      return rows;
    }

    @Override
    public float milliseconds(Way way, int m) {
      timed.add(way.name());
      return way.cost();
    }
  }

  private static final List<Integer> SAMPLES = List.of(32, 512, 4096);

  private static final Way SLOW = new Way("slow", 1, 9);
  private static final Way QUICK = new Way("quick", 1, 2);
  private static final Way OTHER = new Way("other", 5, 1);

  private static Way choose(Library library, int m) {
    return new AlgorithmChoice<Way>("this product", SAMPLES).choose(m, library);
  }

  private static Library everywhere(Way... ways) {
    Library library = new Library();
    SAMPLES.forEach(m -> library.offer(m, ways));
    return library;
  }

  @Test
  void theFastestOfTheClassIsTakenAndNotOfAll() {
    assertEquals(QUICK, choose(everywhere(SLOW, QUICK, OTHER).offer(64, OTHER, SLOW, QUICK), 64));
  }

  @Test
  void theLibrarysPreferenceDecidesTheClassAndTimeDoesNot() {
    Library library = everywhere(SLOW, OTHER);
    assertEquals(SLOW, choose(library.offer(64, OTHER, SLOW), 64));
    assertEquals(List.of(), library.timed.stream().filter("other"::equals).toList());
    assertEquals(OTHER, choose(everywhere(OTHER, SLOW).offer(64, SLOW, OTHER), 64));
  }

  /** It stands first at two sizes, but is not there at the third. */
  @Test
  void aClassThatIsNotEverywhereIsTakenOnlyWhereNoneIs() {
    assertEquals(
        SLOW, choose(everywhere(OTHER, SLOW).offer(4096, SLOW).offer(64, OTHER, SLOW), 64));
    assertEquals(
        OTHER, choose(new Library().offer(32, OTHER).offer(512, OTHER).offer(4096, SLOW), 512));
  }

  /** One that the library does not offer for these rows, but does not refuse. */
  @Test
  void anAlgorithmOfTheSamplesServesOtherNumbersToo() {
    assertEquals(SLOW, choose(everywhere(SLOW).offer(8, OTHER), 8));
    assertEquals(SLOW, choose(everywhere(SLOW), 16_384));
  }

  @Test
  void fewerRowsThanDifferentOnesAreComparedAsFarAsTheyGo() {
    for (int m : new int[] {1, 2, 15, 16, 17}) {
      assertEquals(QUICK, choose(everywhere(QUICK, OTHER).offer(m, OTHER, QUICK), m));
    }
  }

  @Test
  void oneWhoseRowsDependOnTheirPlaceIsNoCandidate() {
    Library library = everywhere(SLOW, QUICK).offer(64, QUICK, SLOW).refuse(QUICK, 64);
    assertEquals(SLOW, choose(library, 64));
    assertEquals(OTHER, choose(everywhere(SLOW, OTHER).refuse(SLOW, 512).offer(64, OTHER), 64));
  }

  @Test
  void theClassIsDecidedOnce() {
    AlgorithmChoice<Way> choice = new AlgorithmChoice<>("this product", SAMPLES);
    assertEquals(SLOW, choice.choose(32, everywhere(SLOW, OTHER)));
    assertEquals(QUICK, choice.choose(64, everywhere(OTHER).offer(64, OTHER, QUICK)));
  }

  @Test
  void fewAreTimed() {
    Way[] ways = new Way[10];
    Arrays.setAll(ways, i -> new Way("way" + i, 1, 10 - i));
    Library library = everywhere(ways);
    assertEquals(ways[3], choose(library, 512));
    assertEquals(4, library.timed.stream().distinct().count());
  }

  @Test
  void noneIsAnErrorThatSaysSo() {
    GpuException none = assertThrows(GpuException.class, () -> choose(new Library(), 64));
    assertEquals("cuBLASLt has no algorithm for this product at any size", none.getMessage());
    Library library = everywhere(SLOW).offer(64, OTHER).refuse(SLOW, 64);
    GpuException unequal = assertThrows(GpuException.class, () -> choose(library, 64));
    assertTrue(unequal.getMessage().contains("gives this product at 64 rows"), unequal.toString());
  }
}
