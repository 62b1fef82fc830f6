package io.github.bunvec.engine.cpu.emit;

import java.util.Locale;
import java.util.Optional;

/** Whether code can be emitted here at all, answered without touching anything restricted. */
record Platform(String system, String architecture, boolean nativeAccess) {

  /** Returns the one this JVM runs on. */
  static Platform current() {
    return new Platform(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Platform.class.getModule().isNativeAccessEnabled());
  }

  /** Returns why not, if not. */
  Optional<String> unavailableReason() {
    if (!system.toLowerCase(Locale.ROOT).equals("linux")
        || !(architecture.equals("amd64") || architecture.equals("x86_64"))) {
      return Optional.of(
          "it is there for Linux on x86-64, this is " + system + " on " + architecture);
    }
    if (!nativeAccess) {
      return Optional.of(
          "it calls machine code, which this JVM was not told to allow: add"
              + " --enable-native-access=io.github.bunvec.engine to its options (on the class path:"
              + " --enable-native-access=ALL-UNNAMED)");
    }
    return Optional.empty();
  }
}
