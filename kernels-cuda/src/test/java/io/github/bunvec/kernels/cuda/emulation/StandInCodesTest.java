package io.github.bunvec.kernels.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.Test;

/** The numbers of the stand-in are those of CUDA, as JavaCPP has them. */
class StandInCodesTest {

  private static final Path CODES = Path.of("src/test/cpp/driver/codes.h");
  private static final Pattern ENUM = Pattern.compile("enum .*\\{ // (\\w+)");
  private static final Pattern NUMBER = Pattern.compile("(\\w+) = (\\d+)[,;](?: // (\\w+))?");

  @Test
  void areTheOnesOfJavacpp() throws IOException {
    try (StandInDriver _ = StandInDriver.start(1)) { // reading a constant loads JavaCPP's library
      compare();
    }
  }

  private static void compare() throws IOException {
    String prefix = "";
    int count = 0;
    for (String line : Files.readAllLines(CODES)) {
      Matcher start = ENUM.matcher(line);
      if (start.find()) {
        prefix = start.group(1);
      }
      Matcher number = NUMBER.matcher(line);
      if (number.find()) {
        String own = number.group(3) == null ? prefix : number.group(3);
        String name = own.endsWith("_") ? own + number.group(1) : own;
        assertEquals(constant(name), Integer.parseInt(number.group(2)), name);
        count++;
      }
    }
    assertTrue(count > 40, count + " numbers");
  }

  /** A constant of one class or the other. */
  private static int constant(String name) {
    return Stream.of(cudart.class, cublas.class)
        .flatMap(global -> Arrays.stream(global.getFields()))
        .filter(field -> field.getName().equals(name))
        .findFirst()
        .map(StandInCodesTest::value)
        .orElseThrow(() -> new IllegalArgumentException(name + " is not in JavaCPP's classes"));
  }

  private static int value(Field field) {
    try {
      return field.getInt(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
