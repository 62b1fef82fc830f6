package io.github.bunvec.engine.tokenization;

/**
 * JSON's numbers as the tokenizers library reads them, which is not always the nearest double: its
 * parser, serde_json without {@code float_roundtrip}, rounds the digits and then once more when it
 * divides by a power of ten. In one score of seven that is the last bit, enough to break a tie.
 */
final class SerdeNumber {

  private static final int GREATEST_POWER = 308;

  private SerdeNumber() {}

  static double parse(String number) {
    int at = number.startsWith("-") ? 1 : 0;
    boolean negative = at == 1;
    long digits = 0; // unsigned
    int exponent = 0;
    boolean fraction = false;
    boolean full = false;
    for (; at < number.length(); at++) {
      char c = number.charAt(at);
      if (c == '.') {
        fraction = true;
        continue;
      }
      if (c == 'e' || c == 'E') {
        break;
      }
      int digit = c - '0';
      full = full || overflows(digits, digit);
      if (!full) {
        digits = 10 * digits + digit;
        exponent -= fraction ? 1 : 0;
      } else if (!fraction) {
        exponent++;
      }
    }
    if (at < number.length()) {
      exponent += exponent(number.substring(at + 1));
    }
    double value = scaled(digits, exponent);
    return negative ? -value : value;
  }

  /** Whether ten times as many and the digit are more than 64 bits hold. */
  private static boolean overflows(long digits, int digit) {
    long limit = Long.divideUnsigned(-1L, 10);
    int order = Long.compareUnsigned(digits, limit);
    return order > 0 || (order == 0 && digit > Long.remainderUnsigned(-1L, 10));
  }

  /** An exponent, kept where it cannot overflow. */
  private static int exponent(String text) {
    String digits = text.startsWith("+") ? text.substring(1) : text;
    return digits.length() > 6
        ? (digits.startsWith("-") ? -99_999 : 99_999)
        : Integer.parseInt(digits);
  }

  private static double scaled(long digits, int exponent) {
    // Half the number, made odd where a bit is lost, rounds as the number does.
    double value = digits >= 0 ? digits : 2.0 * ((digits >>> 1) | (digits & 1));
    int left = exponent;
    while (left < -GREATEST_POWER && value != 0) {
      value /= power(GREATEST_POWER);
      left += GREATEST_POWER;
    }
    if (value == 0) {
      return 0;
    }
    if (left > GREATEST_POWER) {
      return Double.POSITIVE_INFINITY;
    }
    return left < 0 ? value / power(-left) : value * power(left);
  }

  private static double power(int exponent) {
    return Double.parseDouble("1e" + exponent);
  }
}
