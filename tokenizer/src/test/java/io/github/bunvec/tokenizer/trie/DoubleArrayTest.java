package io.github.bunvec.tokenizer.trie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
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
        expected.put(key(random, alphabet), random.nextInt(1 << 20));
      }
      DoubleArray trie =
          new DoubleArray(
              DoubleArrayBuilder.build(
                  expected.keySet().toArray(byte[][]::new),
                  expected.values().stream().mapToInt(Integer::intValue).toArray()));
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
  void refusesKeysThatAreEmptyOrOutOfOrder() {
    byte[] a = {1};
    byte[] b = {-1};
    for (byte[][] keys : new byte[][][] {{{}}, {b, a}, {a, a}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DoubleArrayBuilder.build(keys, new int[keys.length]));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> DoubleArrayBuilder.build(new byte[][] {a}, new int[] {-1}));
  }
}
