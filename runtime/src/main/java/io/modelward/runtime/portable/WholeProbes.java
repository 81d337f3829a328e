package io.modelward.runtime.portable;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.RowCheck;
import io.modelward.core.signature.Signature;
import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.InputSpec;
import io.modelward.evaluator.probe.Probes;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.serving.Engine;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Rows for the whole model, in the forms in which callers send them: the version's sample, and rows through all steps. */
class WholeProbes implements Probes.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(WholeProbes.class);
    private static final int CHUNK = 200;
    private static final int ALONE = 16;
    private static final int MOST = 4_000;
    private static final int MOST_REFUSED = 60;
    private static final int PLAIN = 2;
    /** Columns into which odd cells are put, and requests with such that are asked at once. */
    private static final int MOST_ODD = 24;

    /** More than 64 bits: NumPy and pandas make objects of it. */
    private static final JsonNode BIGGER = BigIntegerNode.valueOf(BigInteger.ONE.shiftLeft(64));

    private static final List<JsonNode> ODD = List.of(
            BooleanNode.TRUE,
            NullNode.getInstance(),
            LongNode.valueOf(2),
            LongNode.valueOf(-3_037_000_500L),
            LongNode.valueOf((1L << 53) + 1),
            DoubleNode.valueOf(0.5),
            StringNode.valueOf("1.5"),
            StringNode.valueOf("no category"),
            BIGGER);

    private final Evaluator evaluator;
    private final EvaluatorMemory.Ready ready;
    private final Ties ties;
    private final RowReader reader;
    private final RowCheck contract;
    private final InputSpec input;
    private final List<Instances> rows = new ArrayList<>();
    /** Rows as callers send them, which odd cells are put into. */
    private final List<JsonNode> plain = new ArrayList<>();

    private long wanted;

    /** @param failure what was not equal, in words; empty when all was */
    record Outcome(long probes, long wanted, String failure) {}

    WholeProbes(Evaluator evaluator, EvaluatorMemory.Ready ready, Signature signature, Optional<Instances> sample) {
        this.evaluator = evaluator;
        this.ready = ready;
        this.ties = new Ties(evaluator, ready.rows());
        this.reader = RowReader.of(signature);
        this.contract = RowCheck.of(signature);
        this.input = evaluator.input();
        sample.ifPresent(some -> {
            for (int row = 0; row < Math.min(MOST, some.rows()); row++) {
                rows.add(some.slice(row, row + 1));
            }
        });
    }

    @Override
    public void numbers(double[] row) {
        if (reader.form() == RowReader.Form.MATRIX && reader.width().orElse(-1) == row.length) {
            rows.add(new Instances.Matrix(row.clone(), 1, row.length));
        } else {
            // Rows without null come as plain numbers, also where the signature takes null.
            if (Arrays.stream(row).allMatch(Double::isFinite)) {
                rows.add(new Instances.Matrix(row.clone(), 1, row.length));
            }
            ArrayNode cells = Json.array();
            for (double cell : row) {
                if (Double.isInfinite(cell)) {
                    return;
                }
                cells.add(number(cell));
            }
            add(cells);
        }
    }

    @Override
    public void mixed(@Nullable Object[] row) {
        addPlain(row);
        ObjectNode cells = Json.object();
        for (int i = 0; i < row.length; i++) {
            JsonNode cell = cell(row[i], input.types().get(i));
            if (cell == null) {
                return;
            }
            cells.set(input.names().get(i), cell);
        }
        add(cells);
    }

    /** The row as plain numbers, in the order of the signature's columns, where it holds nothing else. */
    private void addPlain(@Nullable Object[] row) {
        if (reader.columns().size() != row.length || !Set.copyOf(input.names()).equals(Set.copyOf(reader.columns()))) {
            return;
        }
        double[] values = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            boolean whole =
                    input.types().get(i).equals("long") || input.types().get(i).equals("integer");
            if (!(row[i] instanceof Double cell) || !Double.isFinite(cell) || whole) {
                return;
            }
            values[reader.columns().indexOf(input.names().get(i))] = cell;
        }
        rows.add(new Instances.Matrix(values, 1, values.length));
    }

    /** What the version's signature refuses, no caller can send. */
    private void add(JsonNode row) {
        try {
            contract.check(row, 0);
        } catch (ProblemException refused) {
            return;
        }
        if (plain.size() < PLAIN) {
            plain.add(row);
        }
        rows.add(reader.read(List.of(row)));
    }

    /**
     * Requests with cells that the model did not learn and that the signature takes, such as a truth value where there
     * were numbers: alone, and below a row without such a cell, since the cells of a request decide together how the
     * library stores a column.
     */
    private List<Instances> oddRequests() {
        List<Instances> requests = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            JsonNode row = plain.get(i);
            for (JsonNode odd : ODD) {
                // Rows of numbers travel as float64, but for such numbers, which no caller of theirs means.
                if (odd.equals(BIGGER) && reader.form() == RowReader.Form.MATRIX) {
                    continue;
                }
                List<Object> places = places(row);
                for (Object place : places.subList(0, Math.min(MOST_ODD, places.size()))) {
                    oddRequest(requests, row, with(row, List.of(place), odd), plain.get(plain.size() - 1 - i));
                }
                oddRequest(requests, row, with(row, places, odd), plain.get(plain.size() - 1 - i));
            }
        }
        return requests;
    }

    private void oddRequest(List<Instances> requests, JsonNode row, JsonNode odd, JsonNode other) {
        try {
            contract.check(odd, 0);
        } catch (ProblemException refused) {
            return;
        }
        if (!odd.equals(row)) {
            requests.add(reader.read(List.of(odd)));
            requests.add(reader.read(List.of(other, odd)));
        }
    }

    private static List<Object> places(JsonNode row) {
        List<Object> places = new ArrayList<>();
        for (int i = 0; row.isArray() && i < row.size(); i++) {
            places.add(i);
        }
        places.addAll(row.propertyNames());
        return places;
    }

    private static JsonNode with(JsonNode row, List<Object> places, JsonNode cell) {
        JsonNode changed = row.deepCopy();
        for (Object place : places) {
            if (changed instanceof ArrayNode array) {
                array.set((Integer) place, cell);
            } else {
                ((ObjectNode) changed).set((String) place, cell);
            }
        }
        return changed;
    }

    /** The cell as callers may send it; null when callers cannot send it. */
    private static @Nullable JsonNode cell(@Nullable Object cell, String type) {
        return switch (type) {
            case "long", "integer" ->
                cell instanceof Double number && Math.abs(number) < 1e6 ? LongNode.valueOf(Math.round(number)) : null;
            case "boolean" -> BooleanNode.valueOf(cell instanceof Double number && number > 0);
            case "string" -> StringNode.valueOf(cell instanceof String text ? text : "x");
            default ->
                switch (cell) {
                    case Double number -> Double.isInfinite(number) ? null : number(number);
                    case String text -> StringNode.valueOf(text);
                    case Boolean truth -> BooleanNode.valueOf(truth);
                    case null, default -> NullNode.getInstance();
                };
        };
    }

    private static JsonNode number(double cell) {
        return Double.isNaN(cell) ? NullNode.getInstance() : DoubleNode.valueOf(cell);
    }

    /** Compares the evaluator with the oracle on all rows. */
    Outcome compare(Oracle oracle, AnswerComparison comparison, long until) throws IOException {
        wanted = rows.size() + Probes.each(evaluator, 0, evaluator.needed(), MOST, this);
        long probes = 0;
        int refused = 0;
        for (int from = 0; from < rows.size() && (from == 0 || System.nanoTime() - until < 0); from += CHUNK) {
            List<Instances> chunk = rows.subList(from, Math.min(rows.size(), from + CHUNK));
            List<Instances> answered = new ArrayList<>();
            List<Instances> turnedDown = new ArrayList<>();
            for (Instances row : chunk) {
                boolean answers = EvaluatedEngine.answer(ready, row) instanceof Engine.Result.Answered;
                (answers ? answered : turnedDown).add(row);
            }
            List<Instances> requests = new ArrayList<>();
            joinable(answered).forEach(group -> requests.add(Instances.joined(group)));
            if (from == 0) {
                requests.addAll(answered.subList(0, Math.min(ALONE, answered.size())));
            }
            turnedDown = turnedDown.subList(0, Math.min(turnedDown.size(), Math.max(0, MOST_REFUSED - refused)));
            refused += turnedDown.size();
            probes += answered.size() + turnedDown.size();
            String failure = compareAnswered(oracle, comparison, requests);
            if (failure.isEmpty() && !turnedDown.isEmpty()) {
                List<Engine.Result> results = oracle.whole(turnedDown);
                for (int i = 0; i < results.size(); i++) {
                    if (results.get(i) instanceof Engine.Result.Answered) {
                        failure = "the model answers a row that the evaluator refuses";
                        // The row is made for the form, and is no caller's.
                        LOG.debug(
                                "the evaluator says {} of {}",
                                EvaluatedEngine.answer(ready, turnedDown.get(i)),
                                words(turnedDown.get(i)));
                    }
                }
            }
            if (!failure.isEmpty()) {
                return new Outcome(probes, wanted, failure);
            }
        }
        List<Instances> odd = oddRequests();
        for (int from = 0; from < odd.size() && System.nanoTime() - until < 0; from += MOST_ODD) {
            List<Instances> some = odd.subList(from, Math.min(odd.size(), from + MOST_ODD));
            String failure = compareAnswered(oracle, comparison, some);
            if (!failure.isEmpty()) {
                return new Outcome(probes, wanted, failure);
            }
            probes += some.size();
        }
        return new Outcome(probes, wanted, "");
    }

    private static String words(Instances rows) {
        return switch (rows) {
            case Instances.Matrix matrix -> Arrays.toString(matrix.values());
            case Instances.Table table ->
                table.cells().stream()
                        .map(column -> new String(column.text(), StandardCharsets.UTF_8))
                        .toList()
                        .toString();
            case Instances.Values values -> new String(values.values().text(), StandardCharsets.UTF_8);
        };
    }

    private static List<List<Instances>> joinable(List<Instances> rows) {
        List<List<Instances>> groups = new ArrayList<>();
        for (Instances row : rows) {
            if (groups.isEmpty() || !groups.getLast().getFirst().joins(row)) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(row);
        }
        return groups;
    }

    private String compareAnswered(Oracle oracle, AnswerComparison comparison, List<Instances> requests)
            throws IOException {
        if (requests.isEmpty()) {
            return "";
        }
        List<Engine.Result> results = oracle.whole(requests);
        for (int i = 0; i < requests.size(); i++) {
            Instances request = requests.get(i);
            if (!(EvaluatedEngine.answer(ready, request) instanceof Engine.Result.Answered(Predictions ours))) {
                // Rows that have different forms when they come together are refused as the library refuses them.
                if (results.get(i) instanceof Engine.Result.Answered) {
                    return "the model answers rows together that the evaluator refuses";
                }
                continue;
            }
            if (!(results.get(i) instanceof Engine.Result.Answered(Predictions theirs))) {
                return "the model raises for a row that the evaluator answers";
            }
            if (!AnswerComparison.alike(ours, theirs)) {
                return "the model answers in another form than its description";
            }
            for (int row : comparison.differences(ours, theirs, false)) {
                if (!ties.isTie(request, row)) {
                    LOG.debug("the evaluator differs at {}", words(request.slice(row, row + 1)));
                    return "the model answers something else than its form";
                }
            }
        }
        return "";
    }
}
