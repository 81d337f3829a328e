package io.modelward.core.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.RowCheck;
import io.modelward.core.signature.Signature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rows of an input example that MLflow kept: a request to its scoring server ({@code dataframe_split},
 * {@code dataframe_records}, {@code instances}, {@code inputs}), or a table or array as it was given.
 */
public final class InputExample {

    private static final int MOST_ROWS = 100;

    /** A text, which is left as it is, or a word that Python writes for a number that JSON does not have. */
    private static final Pattern NO_NUMBER =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|-?\\b(?:NaN|Infinity)\\b", Pattern.DOTALL);

    private InputExample() {}

    /**
     * An example as MLflow writes it: a missing value is {@code NaN} there, and null here.
     *
     * @throws ProblemException INVALID when it is no JSON otherwise
     */
    public static JsonNode parse(byte[] content, String field) {
        String text = new String(content, StandardCharsets.UTF_8);
        if (!text.contains("NaN") && !text.contains("Infinity")) {
            return Json.parse(content, field);
        }
        return Json.parse(
                NO_NUMBER
                        .matcher(text)
                        .replaceAll(found ->
                                found.group().startsWith("\"") ? Matcher.quoteReplacement(found.group()) : "null"),
                field);
    }

    /** The first rows, arrays or objects by column name; none when the document is of no form known here. */
    public static List<JsonNode> rows(JsonNode example) {
        if (example.isArray()) {
            return first(example);
        }
        for (String form : List.of("dataframe_records", "instances")) {
            if (example.path(form).isArray()) {
                return first(example.get(form));
            }
        }
        JsonNode split = example.has("dataframe_split") ? example.get("dataframe_split") : example;
        if (split.path("data").isArray()) {
            return split(split.path("columns"), split.get("data"));
        }
        JsonNode inputs = example.path("inputs");
        return inputs.isObject() ? byName(inputs) : inputs.isArray() ? first(inputs) : List.of();
    }

    /**
     * The rows as a sample, when the signature takes all of them: an example that it does not take says nothing for
     * sure.
     */
    public static Optional<ArrayNode> sample(JsonNode example, Signature signature) {
        List<JsonNode> rows = rows(example);
        if (rows.isEmpty() || unfit(rows, signature).isPresent()) {
            return Optional.empty();
        }
        ArrayNode sample = Json.array();
        rows.forEach(sample::add);
        return Optional.of(sample);
    }

    /** Why these rows are no sample: the first reason why the signature does not take them. */
    public static Optional<String> unfit(List<JsonNode> rows, Signature signature) {
        RowCheck check = RowCheck.of(signature);
        try {
            for (int i = 0; i < rows.size(); i++) {
                check.check(rows.get(i), i);
            }
            return Optional.empty();
        } catch (ProblemException unfit) {
            return Optional.of(unfit.problem().detail());
        }
    }

    private static List<JsonNode> first(JsonNode rows) {
        return rows.valueStream().limit(MOST_ROWS).toList();
    }

    private static List<JsonNode> split(JsonNode columns, JsonNode data) {
        boolean named =
                columns.isArray() && !columns.isEmpty() && columns.valueStream().allMatch(JsonNode::isString);
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode row : first(data)) {
            if (!named || !row.isArray() || row.size() != columns.size()) {
                rows.add(row);
                continue;
            }
            ObjectNode object = Json.object();
            for (int i = 0; i < row.size(); i++) {
                object.set(columns.get(i).stringValue(), row.get(i));
            }
            rows.add(object);
        }
        return rows;
    }

    /** Columns of equal length turned into rows; else one row. */
    private static List<JsonNode> byName(JsonNode columns) {
        int rows = columns.isEmpty() ? 0 : columns.iterator().next().size();
        boolean even = columns.valueStream().allMatch(column -> column.isArray() && column.size() == rows);
        if (!even || rows == 0) {
            return columns.isEmpty() ? List.of() : List.of(columns);
        }
        List<JsonNode> turned = new ArrayList<>();
        for (int i = 0; i < Math.min(rows, MOST_ROWS); i++) {
            ObjectNode row = Json.object();
            for (String name : columns.propertyNames()) {
                row.set(name, columns.get(name).get(i));
            }
            turned.add(row);
        }
        return turned;
    }
}
