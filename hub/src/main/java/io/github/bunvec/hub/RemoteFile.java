package io.github.bunvec.hub;

import java.util.regex.Pattern;

/**
 * A file of a repository as the Hub describes it.
 *
 * @param name its path in the repository
 * @param etag SHA-256 of the content for files in LFS, git's blob id otherwise; lower-case hex
 * @param size bytes
 */
record RemoteFile(String name, String etag, long size) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  /** Without the marks of weak and strong tags; what is left names the blob in the cache. */
  static String normalized(String etag) {
    String text = etag.startsWith("W/") ? etag.substring(2) : etag;
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  static boolean verifiable(String etag) {
    return HEX.matcher(etag).matches();
  }
}
