package io.github.bunvec.engine.tokenization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerdeNumberTest {

  /** Numbers in a tokenizer.json and what the tokenizers library 0.22.2 writes for them. */
  @ParameterizedTest
  @CsvSource({
    "-9.897123336791992, -9.897123336791992",
    "-13.528285980224609375, -13.528285980224611",
    "-14.9235048294067383, -14.92350482940674",
    "-8.35463714599609375123456, -8.354637145996094",
    "-0.1, -0.1",
    "1e-3, 0.001",
    "-5, -5.0",
    "0, 0.0",
    "1E+2, 100.0",
    "5e-324, 5e-324",
    "0e999999999, 0.0",
    "1e-999999999, 0.0"
  })
  void roundsTwice(String number, double expected) {
    assertEquals(expected, SerdeNumber.parse(number), number);
  }

  @ParameterizedTest
  @CsvSource({"1e999, Infinity", "-1e309, -Infinity"})
  void tooLargeIsInfinite(String number, double expected) {
    assertEquals(expected, SerdeNumber.parse(number), number);
  }
}
