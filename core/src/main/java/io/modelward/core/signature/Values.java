package io.modelward.core.signature;

import io.modelward.core.json.Json;
import io.modelward.core.json.JsonKind;
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
        if (JsonKind.isFiniteNumber(a) && JsonKind.isFiniteNumber(b)) {
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

    /** How many values it consists of. */
    static long size(JsonNode value) {
        return 1 + value.valueStream().mapToLong(Values::size).sum();
    }

    /** Equal for values that are the {@link #same}. */
    static int hash(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER ->
                JsonKind.isFiniteNumber(value)
                        ? Double.hashCode(value.decimalValue().doubleValue())
                        : 0;
            case ARRAY -> value.valueStream().mapToInt(Values::hash).reduce(1, (sum, next) -> 31 * sum + next);
            case OBJECT ->
                value.properties().stream()
                        .mapToInt(p -> p.getKey().hashCode() ^ hash(p.getValue()))
                        .sum();
            default -> value.hashCode();
        };
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
