package io.modelward.core.job;

import tools.jackson.databind.JsonNode;

/**
 * Compares JSON values whose numbers may differ a little.
 *
 * @param most by how much two numbers may differ, as a share of the larger one, and as it is where both are below one
 */
public record Tolerance(double most) {

    /**
     * How far two values are apart: 0 when they are equal; for numbers, the difference as a share of the larger one,
     * and as it is where both are below one; for arrays and objects, the largest of their members; infinite where a
     * difference is none of numbers.
     */
    public static double distance(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            double distance = distance(one.doubleValue(), other.doubleValue());
            // Whole numbers may differ by less than doubles tell apart.
            return distance == 0
                            && one.isIntegralNumber()
                            && other.isIntegralNumber()
                            && !one.bigIntegerValue().equals(other.bigIntegerValue())
                    ? Double.MIN_VALUE
                    : distance;
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            double largest = 0;
            for (int i = 0; i < one.size(); i++) {
                largest = Math.max(largest, distance(one.get(i), other.get(i)));
            }
            return largest;
        }
        if (one.isObject()
                && other.isObject()
                && one.size() == other.size()
                && one.propertyNames().containsAll(other.propertyNames())) {
            double largest = 0;
            for (String name : one.propertyNames()) {
                largest = Math.max(largest, distance(one.path(name), other.path(name)));
            }
            return largest;
        }
        return one.equals(other) ? 0 : Double.POSITIVE_INFINITY;
    }

    /** As of JSON numbers; two that are no numbers (NaN) are equal. */
    public static double distance(double one, double other) {
        if (one == other || (Double.isNaN(one) && Double.isNaN(other))) {
            return 0;
        }
        double difference = Math.abs(one - other) / Math.max(1, Math.max(Math.abs(one), Math.abs(other)));
        return Double.isFinite(difference) ? difference : Double.POSITIVE_INFINITY;
    }

    public boolean allows(double distance) {
        return distance <= most;
    }
}
