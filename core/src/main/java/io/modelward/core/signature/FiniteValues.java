package io.modelward.core.signature;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The values of a schema that has only few. */
final class FiniteValues {

    private static final long MOST = 1000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private FiniteValues() {}

    /** All values that it accepts, or none when they are many or not known to be few. */
    static List<JsonNode> of(Schema schema) {
        return switch (schema) {
            case Schema.Bool() -> List.of(NODES.booleanNode(false), NODES.booleanNode(true));
            case Schema.Null() -> List.of(NODES.nullNode());
            case Schema.Numeric n
            when n.integer() && n.minimum().isPresent() && n.maximum().isPresent() ->
                integers(
                        n,
                        whole(n.minimum().get(), RoundingMode.CEILING),
                        whole(n.maximum().get(), RoundingMode.FLOOR));
            default -> List.of();
        };
    }

    private static BigInteger whole(Schema.Bound bound, RoundingMode mode) {
        return bound.value().setScale(0, mode).toBigInteger();
    }

    private static List<JsonNode> integers(Schema.Numeric schema, BigInteger least, BigInteger most) {
        if (most.subtract(least).compareTo(BigInteger.valueOf(MOST)) > 0) {
            return List.of();
        }
        return LongStream.rangeClosed(0, most.subtract(least).longValue())
                .mapToObj(i -> (JsonNode) NODES.numberNode(new BigDecimal(least.add(BigInteger.valueOf(i)))))
                .filter(value -> SchemaCheck.accepts(schema, value))
                .toList();
    }
}
