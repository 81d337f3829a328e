package io.modelward.core.signature;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rows to compare two models with: each takes its cells from rows of a sample, and numbers are moved within and
 * beyond what the sample's column spans: a little in one half of the rows, far in the other. The same sample and number give the same rows.
 */
public final class ProbeRows {

    private static final int TRIES = 20;
    /** Of a sample that is larger, the first rows are enough to know the columns by. */
    private static final int MOST_SAMPLE = 1000;

    private static final double NEAR = 0.2;
    /** A sample may be of one kind of rows only, so every other row goes far beyond. */
    private static final double FAR = 3;

    private final Schema row;
    private final RowCheck check;
    private final List<JsonNode> sample;
    private final RandomGenerator random;
    /** By index or name: each is looked at once, and not for each row that is made. */
    private final Map<Object, Column> columns = new HashMap<>();

    /** The cells of a column in the sample, and what their numbers span; without numbers, least is above most. */
    private record Column(List<JsonNode> cells, double least, double most) {
        static Column of(List<JsonNode> cells) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (JsonNode cell : cells) {
                if (cell.isNumber()) {
                    least = Math.min(least, cell.doubleValue());
                    most = Math.max(most, cell.doubleValue());
                }
            }
            return new Column(cells, least, most);
        }
    }

    private ProbeRows(Signature signature, List<JsonNode> sample, long seed) {
        this.row = signature.input().row();
        this.check = RowCheck.of(signature);
        this.sample = sample;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * Rows that the signature takes, at most {@code count}: fewer where few of those that were tried are taken, none
     * where nothing is known of rows.
     *
     * @param sample rows that the model was saved with, of which the first thousand count; without any, the plainest
     *     row that the signature takes
     */
    public static List<JsonNode> of(Signature signature, List<JsonNode> sample, int count, long seed) {
        List<JsonNode> from = sample.isEmpty() ? BlankRow.of(signature).stream().toList() : sample;
        if (from.isEmpty()) {
            return List.of();
        }
        ProbeRows probes = new ProbeRows(signature, from.subList(0, Math.min(MOST_SAMPLE, from.size())), seed);
        List<JsonNode> rows = new ArrayList<>();
        for (int tried = 0; rows.size() < count && tried < count * TRIES; tried++) {
            probes.make(tried % 2 == 0 ? NEAR : FAR).ifPresent(rows::add);
        }
        return rows;
    }

    private Optional<JsonNode> make(double beyond) {
        JsonNode like = any(sample);
        JsonNode made = switch (like) {
            case ArrayNode cells -> {
                ArrayNode array = Json.array();
                for (int i = 0; i < cells.size(); i++) {
                    array.add(cell(column(i), array(i), cells.get(i), beyond));
                }
                yield array;
            }
            case ObjectNode cells -> {
                ObjectNode object = Json.object();
                for (Map.Entry<String, JsonNode> cell : cells.properties()) {
                    String name = cell.getKey();
                    object.set(name, cell(column(name), object(name), cell.getValue(), beyond));
                }
                yield object;
            }
            default -> like;
        };
        try {
            check.check(made, 0);
            return Optional.of(made);
        } catch (ProblemException notTaken) {
            return Optional.empty();
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Schema column(int index) {
        return row instanceof Schema.Arr array ? array.item(index) : Schema.ANY;
    }

    private Schema column(String name) {
        return row instanceof Schema.Obj object ? object.properties().getOrDefault(name, Schema.ANY) : Schema.ANY;
    }

    private Column array(int index) {
        return columns.computeIfAbsent(
                index,
                _ -> Column.of(sample.stream()
                        .filter(JsonNode::isArray)
                        .map(cells -> cells.path(index))
                        .filter(cell -> !cell.isMissingNode())
                        .toList()));
    }

    private Column object(String name) {
        return columns.computeIfAbsent(
                name,
                _ -> Column.of(sample.stream()
                        .map(cells -> cells.path(name))
                        .filter(cell -> !cell.isMissingNode())
                        .toList()));
    }

    private JsonNode cell(Schema schema, Column column, JsonNode otherwise, double beyond) {
        if (schema instanceof Schema.Choice choice && !choice.values().isEmpty()) {
            return any(choice.values());
        }
        if (schema instanceof Schema.Bool) {
            return JsonNodeFactory.instance.booleanNode(random.nextBoolean());
        }
        JsonNode cell = column.cells().isEmpty() ? otherwise : any(column.cells());
        if (!cell.isNumber() || random.nextInt(4) == 0) {
            return cell;
        }
        double least = column.least();
        double most = column.most();
        double span = most > least ? most - least : Math.max(1, Math.abs(cell.doubleValue()));
        double moved = most > least
                ? least - beyond * span + random.nextDouble() * span * (1 + 2 * beyond)
                : cell.doubleValue() + random.nextGaussian() * span * (1 + beyond);
        boolean whole = schema instanceof Schema.Numeric number ? number.integer() : cell.isIntegralNumber();
        return whole
                ? JsonNodeFactory.instance.numberNode(Math.round(moved))
                : JsonNodeFactory.instance.numberNode(moved);
    }
}
