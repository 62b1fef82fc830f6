package io.github.bunvec.cli;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Python package that holds a MeCab dictionary.
 *
 * @param project its name for pip
 * @param name its name in Python and in {@code mecab_dic}
 * @param version the version known here
 * @param archiveDigest SHA-256 of its source archive
 * @param digests SHA-256 of the dictionary's files, by name
 */
record DictionaryPackage(
    String project,
    String name,
    String version,
    String archiveDigest,
    Map<String, String> digests) {

  /** UniDic 2.1.2 with changes, 47 MB packed and 260 MB unpacked. */
  static final DictionaryPackage UNIDIC_LITE =
      new DictionaryPackage(
          "unidic-lite",
          "unidic_lite",
          "1.0.8",
          "db9d4572d9fdd4d00a97949d4b0741ec480ee05a7e7e2e32f547500dae27b245",
          Map.of(
              "sys.dic",
              "122c4c91f026bf4b65bbe2dfd8b9f8eeb6ab56d8eb2a7287a68bca75708ba513",
              "unk.dic",
              "e3b92803feeb6c2712c796b905317ec192a59729d2c1e92b2728d454169541c4",
              "matrix.bin",
              "88fb99efe1075d9b8b40e01bb2751e4095f1612618f2490af776eb5ed39190a9",
              "char.bin",
              "dd31396563d8924645b80fd3c9aa7b13ca089d7748f25553a1d6bc3f9b511ae8"));

  /** What else of the package's dicdir is kept: settings and terms. */
  private static final Set<String> OTHERS =
      Set.of("dicrc", "mecabrc", "AUTHORS", "BSD", "COPYING", "GPL", "LGPL");

  /** The package's own terms, which lie outside of dicdir. */
  private static final Set<String> LICENSES = Set.of("LICENSE", "LICENSE.unidic");

  /** Returns the file an entry of the archive becomes, or null if it is not needed. */
  @Nullable String target(String entry) {
    String file = entry.substring(entry.lastIndexOf('/') + 1);
    boolean inside = ("/" + entry).endsWith("/" + name + "/dicdir/" + file);
    boolean wanted =
        inside ? digests.containsKey(file) || OTHERS.contains(file) : LICENSES.contains(file);
    return wanted ? file : null;
  }
}
