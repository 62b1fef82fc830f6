package io.github.bunvec.hub;

import java.io.IOException;

/** A process that downloads a model by the environment it is given, and prints its directory. */
final class DownloadMain {

  private DownloadMain() {}

  public static void main(String[] arguments) throws IOException {
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void notice(String message) {
            System.err.println(message);
          }
        };
    System.out.println(
        Hub.fromEnvironment().snapshot(ModelId.parse(arguments[0]), listener).path());
  }
}
