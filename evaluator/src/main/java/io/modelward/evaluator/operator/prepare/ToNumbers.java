package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.PythonFloat;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import tools.jackson.databind.JsonNode;

/** Makes numbers of what an estimator gets, and refuses what scikit-learn's function {@code check_array} refuses. */
public final class ToNumbers implements Operator {

    private static final String VALUE_ERROR = "ValueError";

    private final int width;
    /** Whether the result is {@code f4}, for an input of {@code f8} and of {@code f4}. */
    private final boolean single;

    private final boolean keep;
    private final boolean takesMissing;
    private final boolean takesInfinite;

    /** Whether None, and truth values, are refused as texts are. */
    private final boolean refusesNone;

    private final boolean refusesTruth;
    /** Whether a column of objects is refused, also when it holds numbers. */
    private final boolean refusesObjects;

    private ToNumbers(
            int width,
            boolean single,
            boolean keep,
            boolean takesMissing,
            boolean takesInfinite,
            boolean refusesNone,
            boolean refusesTruth,
            boolean refusesObjects) {
        this.width = width;
        this.single = single;
        this.keep = keep;
        this.takesMissing = takesMissing;
        this.takesInfinite = takesInfinite;
        this.refusesNone = refusesNone;
        this.refusesTruth = refusesTruth;
        this.refusesObjects = refusesObjects;
    }

    /** Makes the operator {@code numeric}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 1) {
            throw node.bad("takes one value");
        }
        String dtype = node.word("dtype", "f8", "f4", "keep");
        return new ToNumbers(
                inputs[0].width(),
                dtype.equals("f4"),
                dtype.equals("keep"),
                node.word("missing", "refuse", "take").equals("take"),
                node.word("infinite", "refuse", "take").equals("take"),
                refuses(node, "none"),
                refuses(node, "truth"),
                refuses(node, "objects"));
    }

    private static boolean refuses(Node node, String what) throws BadForm {
        boolean refuses = false;
        for (JsonNode item : node.members().path("refuse")) {
            String word = item.stringValue("");
            if (!word.equals("none") && !word.equals("truth") && !word.equals("objects")) {
                throw node.bad("refuses something that is not known");
            }
            refuses |= word.equals(what);
        }
        return refuses;
    }

    @Override
    public Value apply(Value[] inputs) throws Refused {
        if (inputs[0] instanceof NumericValue input) {
            boolean toSingle = single || (keep && input.single());
            if (toSingle == input.single() || !toSingle) {
                check(input.cells(), toSingle);
                return toSingle == input.single() ? input : new NumericValue(input.cells(), input.rows(), width, false);
            }
            double[] rounded = new double[input.cells().length];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = (float) input.cells()[i];
            }
            check(rounded, true);
            return new NumericValue(rounded, input.rows(), width, true);
        }
        TableValue table = (TableValue) inputs[0];
        double[] result = new double[table.rows() * width];
        for (int column = 0; column < width; column++) {
            fill(table.cells().get(column), result, column);
        }
        if (single) {
            for (int i = 0; i < result.length; i++) {
                result[i] = (float) result[i];
            }
        }
        check(result, single);
        return new NumericValue(result, table.rows(), width, single);
    }

    private void fill(TableValue.Column cells, double[] result, int column) throws Refused {
        switch (cells) {
            case TableValue.Column.Doubles(double[] numbers, boolean truth) -> {
                if (truth && refusesTruth) {
                    throw ofWrongType();
                }
                for (int row = 0; row < numbers.length; row++) {
                    result[row * width + column] = numbers[row];
                }
            }
            case TableValue.Column.Texts(var texts) -> {
                for (int row = 0; row < texts.length; row++) {
                    result[row * width + column] = number(texts[row] == null ? Double.NaN : texts[row]);
                }
            }
            case TableValue.Column.Objects(var objects) -> {
                if (refusesObjects) {
                    throw ofWrongType();
                }
                for (int row = 0; row < objects.length; row++) {
                    Object cell = objects[row];
                    result[row * width + column] = cell == null ? ofNone() : number(cell);
                }
            }
        }
    }

    private static Refused ofWrongType() {
        return new Refused("TypeError", "a cell is of a type that the function does not take");
    }

    private double ofNone() throws Refused {
        if (refusesNone) {
            throw ofWrongType();
        }
        return Double.NaN;
    }

    private double number(Object cell) throws Refused {
        return switch (cell) {
            case Double number -> number;
            case Boolean truth -> {
                if (refusesTruth) {
                    throw ofWrongType();
                }
                yield truth ? 1 : 0;
            }
            default -> {
                String text = (String) cell;
                if (refusesNone || !PythonFloat.is(text)) {
                    throw new Refused(VALUE_ERROR, "could not convert string to float");
                }
                yield PythonFloat.of(text);
            }
        };
    }

    /** The first cell that is not finite decides what is said, as in scikit-learn. */
    private void check(double[] cells, boolean single) throws Refused {
        if (takesMissing && takesInfinite) {
            return;
        }
        for (double cell : cells) {
            if (Math.abs(cell) <= Double.MAX_VALUE) {
                continue;
            }
            if (Double.isNaN(cell)) {
                if (!takesMissing) {
                    throw new Refused(VALUE_ERROR, "Input X contains NaN.");
                }
            } else if (!takesInfinite) {
                throw new Refused(
                        VALUE_ERROR,
                        single
                                ? "Input X contains infinity or a value too large for dtype('float32')."
                                : "Input X contains infinity or a value too large for dtype('float64').");
            }
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(width);
    }

    @Override
    public long work() {
        return 2L * width;
    }
}
