package io.modelward.runtime.onnx;

import io.modelward.core.json.Json;
import tools.jackson.databind.JsonNode;

/** Compares JSON values whose numbers may differ in their last digits. */
final class CloseJson {

    private CloseJson() {}

    /** @param tolerance relative, of numbers beyond 1, and absolute of smaller ones */
    static boolean areClose(byte[] left, byte[] right, double tolerance) {
        return areClose(Json.parse(left, "left"), Json.parse(right, "right"), tolerance);
    }

    private static boolean areClose(JsonNode left, JsonNode right, double tolerance) {
        if (left.isNumber() && right.isNumber()) {
            double a = left.doubleValue();
            double b = right.doubleValue();
            return Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
        }
        if (left.isArray() && right.isArray() && left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                if (!areClose(left.get(i), right.get(i), tolerance)) {
                    return false;
                }
            }
            return true;
        }
        if (left.isObject() && right.isObject() && left.size() == right.size()) {
            return left.properties().stream()
                    .allMatch(entry -> right.has(entry.getKey())
                            && areClose(entry.getValue(), right.get(entry.getKey()), tolerance));
        }
        return left.equals(right);
    }
}
