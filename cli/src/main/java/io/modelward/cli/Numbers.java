package io.modelward.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import tools.jackson.databind.JsonNode;

/** Measured values for people. */
final class Numbers {

    private static final MathContext SHOWN = new MathContext(6);
    private static final int LONGEST = 12;

    private Numbers() {}

    /** Up to six significant digits; empty for what is no number. */
    static String value(JsonNode number) {
        return number.isNumber() ? plain(number.decimalValue()) : "";
    }

    /** What was added from one to the other, with its sign; computed in decimal, so that 0.3 − 0.1 is 0.2. */
    static String change(JsonNode from, JsonNode to) {
        if (!from.isNumber() || !to.isNumber()) {
            return "";
        }
        BigDecimal change = to.decimalValue().subtract(from.decimalValue());
        return (change.signum() > 0 ? "+" : "") + plain(change);
    }

    private static String plain(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal shown = value.round(SHOWN).stripTrailingZeros();
        boolean integer = shown.scale() <= 0 && value.precision() - value.scale() <= LONGEST;
        return integer || (shown.scale() > 0 && shown.scale() <= LONGEST) ? shown.toPlainString() : shown.toString();
    }
}
