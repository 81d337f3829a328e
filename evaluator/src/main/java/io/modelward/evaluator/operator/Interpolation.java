package io.modelward.evaluator.operator;

/** Linear interpolation as {@code numpy.interp} computes it. */
public final class Interpolation {

    private Interpolation() {}

    /**
     * The value at a place; outside the points the first or the last value.
     *
     * @param x ascending, at least one
     * @param y for each of {@code x}
     * @return NaN for NaN
     */
    public static double at(double place, double[] x, double[] y) {
        if (Double.isNaN(place)) {
            return place;
        }
        int last = x.length - 1;
        if (place < x[0]) {
            return y[0];
        }
        if (place >= x[last]) {
            return y[last];
        }
        int low = 0;
        int high = last;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (place >= x[middle]) {
                low = middle;
            } else {
                high = middle;
            }
        }
        if (x[low] == place) {
            return y[low];
        }
        double slope = (y[low + 1] - y[low]) / (x[low + 1] - x[low]);
        double found = slope * (place - x[low]) + y[low];
        if (Double.isNaN(found)) {
            found = slope * (place - x[low + 1]) + y[low + 1];
            if (Double.isNaN(found) && y[low] == y[low + 1]) {
                found = y[low];
            }
        }
        return found;
    }
}
