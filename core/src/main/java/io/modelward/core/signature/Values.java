package io.modelward.core.signature;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Quoted;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** JSON values as JSON Schema sees them: numbers are equal by value, so {@code 1} is {@code 1.0}. */
final class Values {

    private static final int SHOWN = 8;

    private Values() {}

    static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (a.isArray()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject()) {
            return a.properties().stream().allMatch(p -> b.has(p.getKey()) && same(p.getValue(), b.path(p.getKey())));
        }
        return a.equals(b);
    }

    static boolean isInteger(JsonNode number) {
        if (number.isIntegralNumber()) {
            return true;
        }
        if (number.isDouble()) {
            return number.doubleValue() == Math.rint(number.doubleValue());
        }
        BigDecimal value = number.decimalValue();
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    /** Values of a schema, which its author wrote; never those of a caller. */
    static String shown(List<JsonNode> values) {
        String first = values.stream()
                .limit(SHOWN)
                .map(value -> Quoted.plain(Json.write(value)))
                .collect(Collectors.joining(", "));
        return values.size() > SHOWN ? first + " … (" + values.size() + " values)" : first;
    }
}
