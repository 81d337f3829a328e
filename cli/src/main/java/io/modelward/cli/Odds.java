package io.modelward.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evidence as people weigh it: {@code 7,300 : 1}. The server counts in natural logarithms. */
final class Odds {

    private static final double MOST = Math.log(1_000_000);
    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_EVEN);
    private static final Pattern EXPONENTS =
            Pattern.compile("the evidence is e\\^([0-9]{1,9}\\.[0-9]{2}), the limit e\\^([0-9]{1,9}\\.[0-9]{2})");

    private Odds() {}

    /** The odds with this natural logarithm, to two digits. */
    static String of(double logarithm) {
        if (logarithm <= 0) {
            return "none";
        }
        if (logarithm > MOST) {
            return ">1,000,000 : 1";
        }
        BigDecimal odds = BigDecimal.valueOf(Math.exp(logarithm)).round(TWO_DIGITS);
        return String.format(Locale.ROOT, odds.compareTo(BigDecimal.TEN) < 0 ? "%.1f : 1" : "%,.0f : 1", odds);
    }

    /** A sentence of the server with odds in the place of powers of e. */
    static String inWords(String sentence) {
        Matcher found = EXPONENTS.matcher(sentence);
        return found.replaceAll(match ->
                "the evidence is " + of(Double.parseDouble(match.group(1))).replace(">", "over ") + ", and "
                        + of(Double.parseDouble(match.group(2))) + " is enough");
    }
}
