package io.modelward.core.json;

import java.math.BigDecimal;

/** Writes a double as ECMAScript's {@code Number::toString} does (ECMA-262, 6.1.6.1.20), which RFC 8785 builds on. */
final class EcmaNumber {

    private EcmaNumber() {}

    static String write(double value) {
        if (value == 0) {
            return "0";
        }
        if (value < 0) {
            return "-" + write(-value);
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point > 21 || point <= -6) {
            return exponential(digits, point - 1);
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length());
        }
        return point > 0
                ? digits.substring(0, point) + "." + digits.substring(point)
                : "0." + "0".repeat(-point) + digits;
    }

    private static String exponential(String digits, int exponent) {
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }

    /**
     * The fewest digits that read back as this double, and of those the nearest. Since Java 19 {@code Double.toString}
     * gives just that, except that it always gives two digits at least: 4.9E-324 where one, 5e-324, is enough.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (digits.precision() != 2) {
            return digits;
        }
        BigDecimal one = digits.round(new java.math.MathContext(1)).stripTrailingZeros();
        return one.doubleValue() == value ? one : digits;
    }
}
