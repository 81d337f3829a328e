package io.modelward.core.json;

import tools.jackson.databind.JsonNode;

/** Says of what kind a JSON value is, and nothing of the value itself. */
public final class JsonKind {

    private JsonKind() {}

    /**
     * Whether it is a number that JSON can write. {@link Json#parse} lets no other through, but trees can be made
     * elsewhere.
     */
    public static boolean isFiniteNumber(JsonNode value) {
        boolean exact = value.isIntegralNumber() || value.isBigDecimal();
        return value.isNumber() && (exact || Double.isFinite(value.doubleValue()));
    }

    /** For example {@code a number}. */
    public static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> "a number";
            case STRING -> "a string";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "no JSON value";
        };
    }
}
