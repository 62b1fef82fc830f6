package io.github.bunvec.tokenizer.trie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DoubleArrayTest {

  @Test
  void findsWhatAMapFinds() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Map<byte[], Integer> expected = new TreeMap<>(Arrays::compareUnsigned);
      int alphabet = random.nextInt(1, 257);
      int size = random.nextInt(300);
      for (int i = 0; i < size; i++) {
        expected.put(key(random, alphabet), 0);
      }
      List<byte[]> keys = new ArrayList<>();
      List<Integer> values = new ArrayList<>();
      // In any order, some repeated: of equal ones the last counts.
      expected.keySet().stream().filter(key -> random.nextInt(8) == 0).forEach(keys::add);
      List<byte[]> shuffled = new ArrayList<>(expected.keySet());
      Collections.shuffle(shuffled, random);
      keys.addAll(shuffled);
      keys.forEach(key -> values.add(random.nextInt(1 << 20)));
      for (int i = 0; i < keys.size(); i++) {
        expected.put(keys.get(i), values.get(i));
      }
      DoubleArray trie =
          new DoubleArray(
              DoubleArrayBuilder.build(
                  keys.toArray(byte[][]::new),
                  values.stream().mapToInt(Integer::intValue).toArray()));
      expected.forEach(
          (key, value) -> assertEquals(value, trie.lookup(key, 0, key.length), "seed " + seed));
      for (int i = 0; i < 300; i++) {
        byte[] key = key(random, alphabet);
        assertEquals(
            expected.getOrDefault(key, DoubleArray.NO_VALUE),
            trie.lookup(key, 0, key.length),
            "seed " + seed);
      }
    }
  }

  private static byte[] key(Random random, int alphabet) {
    byte[] key = new byte[random.nextInt(1, 6)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (256 - random.nextInt(1, alphabet + 1));
    }
    return key;
  }

  @Test
  void refusesEmptyKeysAndNegativeValues() {
    byte[][] empty = {{1}, {}};
    assertThrows(IllegalArgumentException.class, () -> DoubleArrayBuilder.build(empty, new int[2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> DoubleArrayBuilder.build(new byte[][] {{1}}, new int[] {-1}));
  }
}
