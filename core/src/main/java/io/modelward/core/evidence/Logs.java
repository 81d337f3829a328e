package io.modelward.core.evidence;

/** Sums of numbers of which only the logarithms fit into a double. */
final class Logs {

    private Logs() {}

    /** ln((eᵃ + eᵇ + …)/n). */
    static double mean(double[] logs) {
        double largest = logs[0];
        for (double log : logs) {
            largest = Math.max(largest, log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - largest);
        }
        return largest + StrictMath.log(sum / logs.length);
    }

    /** ln(eᵃ + eᵇ). */
    static double add(double a, double b) {
        return Math.max(a, b) + StrictMath.log1p(StrictMath.exp(-Math.abs(a - b)));
    }
}
