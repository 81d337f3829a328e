package io.modelward.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Collects one input of a graph row by row, for rows that are not plain numbers. */
final class TensorBuilder {

    private final Tensor input;
    private final int rows;
    /** The dimensions of a row's part; a free one is that of the first row. */
    private final long[] perRow;

    private double[] fractions = new double[16];
    private long[] wholes = new long[16];
    private final List<String> texts = new ArrayList<>();
    private int count;
    private int rowStart;

    TensorBuilder(Tensor input, int rows) {
        this.input = input;
        this.rows = rows;
        this.perRow = input.perRow().clone();
    }

    /** Takes one row's part: a value, or arrays as deep as the input has dimensions. */
    void row(JsonNode part) throws RowEncoder.Unfit {
        beginRow();
        if (input.isScalar() && !part.isArray()) {
            value(part);
        } else {
            nested(part, 0);
        }
        endRow();
    }

    private void nested(JsonNode part, int dimension) throws RowEncoder.Unfit {
        if (dimension == perRow.length) {
            value(part);
            return;
        }
        if (!part.isArray()) {
            throw unfit("a row has arrays " + perRow.length + " deep");
        }
        if (perRow[dimension] < 0) {
            perRow[dimension] = part.size();
        }
        if (part.size() != perRow[dimension]) {
            throw unfit("an array has " + part.size() + " values where " + perRow[dimension] + " are needed");
        }
        for (JsonNode each : part) {
            nested(each, dimension + 1);
        }
    }

    void beginRow() {
        rowStart = count;
    }

    /** Holds the row's length to the input's dimensions. */
    void endRow() throws RowEncoder.Unfit {
        int values = count - rowStart;
        if (perRow.length == 1 && perRow[0] < 0) {
            perRow[0] = values;
        }
        long needed = 1;
        for (long dimension : perRow) {
            needed *= dimension;
        }
        if (values != needed) {
            throw unfit("a row has " + values + " values where " + needed + " are needed");
        }
    }

    void value(JsonNode value) throws RowEncoder.Unfit {
        if (input.type() == OnnxJavaType.STRING) {
            if (!value.isString()) {
                throw unfit("a value is not a string");
            }
            String text = value.stringValue();
            if (text.chars().anyMatch(unit -> unit == 0 || Character.isSurrogate((char) unit))) {
                // ONNX Runtime's Java takes texts in another form of UTF-8, which differs in these characters.
                throw unfit("a text holds a character beyond U+FFFF or a zero character, which graphs do not get whole"
                        + " here");
            }
            texts.add(text);
            count++;
        } else if (input.type() == OnnxJavaType.BOOL) {
            if (!value.isBoolean()) {
                throw unfit("a value is neither true nor false");
            }
            whole(value.booleanValue() ? 1 : 0);
        } else if (input.isFraction()) {
            if (value.isNull() || value.isMissingNode()) {
                fraction(Double.NaN);
            } else if (value.isNumber()) {
                fraction(value.doubleValue());
            } else {
                throw unfit("a value is not a number");
            }
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            whole(within(value.longValue()));
        } else if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
            number(value.doubleValue());
        } else {
            throw unfit("a value is not a whole number of its type");
        }
    }

    void number(double value) throws RowEncoder.Unfit {
        if (input.isFraction()) {
            fraction(value);
        } else if (input.isWhole()) {
            if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
                throw unfit("a value is not a whole number of its type");
            }
            whole(within((long) value));
        } else {
            throw unfit(
                    input.type() == OnnxJavaType.BOOL
                            ? "a value is neither true nor false"
                            : "a value is not a string");
        }
    }

    private long within(long value) throws RowEncoder.Unfit {
        if (value < input.least() || value > input.most()) {
            throw unfit("a value is not between " + input.least() + " and " + input.most());
        }
        return value;
    }

    private void fraction(double value) {
        if (count == fractions.length) {
            fractions = Arrays.copyOf(fractions, count * 2);
        }
        fractions[count++] = value;
    }

    private void whole(long value) {
        if (count == wholes.length) {
            wholes = Arrays.copyOf(wholes, count * 2);
        }
        wholes[count++] = value;
    }

    private RowEncoder.Unfit unfit(String why) {
        return new RowEncoder.Unfit("the input " + input.name() + " (" + input.typeName() + "): " + why);
    }

    OnnxTensor tensor(OrtEnvironment environment) throws OrtException {
        long[] shape = RowEncoder.shape(rows, perRow);
        if (input.type() == OnnxJavaType.STRING) {
            return OnnxTensor.createTensor(environment, texts.toArray(String[]::new), shape);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(count, input.type().size))
                .order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            switch (input.type()) {
                case FLOAT -> bytes.putFloat((float) fractions[i]);
                case DOUBLE -> bytes.putDouble(fractions[i]);
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16((float) fractions[i]));
                case INT64 -> bytes.putLong(wholes[i]);
                case INT32 -> bytes.putInt((int) wholes[i]);
                case INT16 -> bytes.putShort((short) wholes[i]);
                default -> bytes.put((byte) wholes[i]);
            }
        }
        return OnnxTensor.createTensor(environment, bytes.flip(), shape, input.type());
    }
}
