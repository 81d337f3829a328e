package io.modelward.pages.frame;

import java.util.List;
import java.util.Locale;

/** Small pictures of numbers, as the attributes of SVG shapes. */
public final class Picture {

    private Picture() {}

    /**
     * The points of a line over a field of 100 by 24.
     *
     * @param values from the left to the right
     */
    public static String line(List<Double> values) {
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            double x = values.size() == 1 ? 0 : 100.0 * i / (values.size() - 1);
            double y = most <= 0 ? 23 : 23 - 22 * values.get(i) / most;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return points.toString().strip();
    }

    /** A width of 0 to 100 with two decimals. */
    public static String width(double share) {
        return String.format(Locale.ROOT, "%.2f", Math.max(0, Math.min(100, 100 * share)));
    }
}
