package io.modelward.core.job;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A demand on a metric of a new version: {@code accuracy >= 0.9}, {@code accuracy >= champion - 0.005},
 * {@code rmse <= champion * 1.02}. The champion is the version that the new one would follow; the same metric of the
 * champion is meant.
 *
 * @param champion whether the bound is relative to the champion's metric
 * @param operator between the champion's metric and the number: {@code + - *}; blank without a champion
 * @param text as it was written: what is kept is read again, and every number is the same then
 */
public record MetricGate(
        String metric, Comparator comparator, boolean champion, String operator, double number, String text) {

    private static final Pattern FORM =
            Pattern.compile("\\s*(?<metric>[A-Za-z_][\\w./@ -]{0,199}?)\\s*(?<comparator>>=|<=|>|<)\\s*"
                    + "(?:(?<champion>champion)(?:\\s*(?<operator>[-+*])\\s*(?<offset>[0-9][0-9.eE+-]{0,30}))?"
                    + "|(?<number>[-+]?[0-9.][0-9.eE+-]{0,30}))\\s*");

    /** How a metric and its bound are compared. */
    public enum Comparator {
        AT_LEAST(">="),
        AT_MOST("<="),
        ABOVE(">"),
        BELOW("<");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        boolean holds(double value, double bound) {
            return switch (this) {
                case AT_LEAST -> value >= bound;
                case AT_MOST -> value <= bound;
                case ABOVE -> value > bound;
                case BELOW -> value < bound;
            };
        }

        static Comparator of(String sign) {
            for (Comparator comparator : values()) {
                if (comparator.sign.equals(sign)) {
                    return comparator;
                }
            }
            throw new IllegalArgumentException(sign);
        }
    }

    /** What became of a demand, in a sentence with the numbers. */
    public record Result(String gate, boolean holds, String words) {}

    /** @throws ProblemException of kind INVALID naming {@code require} */
    public static MetricGate parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            boolean champion = form.group("champion") != null;
            String operator = Optional.ofNullable(form.group("operator")).orElse("");
            String number = champion ? Optional.ofNullable(form.group("offset")).orElse("0") : form.group("number");
            try {
                double parsed = Double.parseDouble(number);
                if (Double.isFinite(parsed)) {
                    return new MetricGate(
                            form.group("metric"),
                            Comparator.of(form.group("comparator")),
                            champion,
                            champion && operator.isEmpty() ? "+" : operator,
                            parsed,
                            text.strip());
                }
            } catch (NumberFormatException none) {
                // Told below.
            }
        }
        throw ProblemException.invalid(
                "require",
                Quoted.of(text) + " is no demand on a metric. Write \"accuracy >= 0.9\", or \"accuracy >= champion -"
                        + " 0.005\" to compare with the version before.");
    }

    /**
     * Whether it holds. A metric that was not reported, or is no finite number, holds in no case. Without a champion
     * there is nothing to fall behind, so a demand that is relative to the champion holds.
     *
     * @param metrics of the new version
     * @param before of the champion; empty when there is none
     */
    public Result judge(Map<String, Double> metrics, Optional<Map<String, Double>> before) {
        Double value = metrics.get(metric);
        if (value == null || !Double.isFinite(value)) {
            return result(false, metric + " was not reported with the version");
        }
        if (!champion) {
            return result(comparator.holds(value, number), metric + " is " + value);
        }
        if (before.isEmpty()) {
            return result(true, metric + " is " + value + "; there is no version to compare with");
        }
        Double champions = before.get().get(metric);
        if (champions == null || !Double.isFinite(champions)) {
            return result(false, "the version to compare with has no " + metric);
        }
        double bound = bound(champions);
        return result(
                comparator.holds(value, bound),
                metric + " is " + value + ", the champion's is " + champions + ", the bound is " + bound);
    }

    private double bound(double champions) {
        return switch (operator) {
            case "-" -> champions - number;
            case "*" -> champions * number;
            default -> champions + number;
        };
    }

    private Result result(boolean holds, String words) {
        return new Result(toString(), holds, words);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
