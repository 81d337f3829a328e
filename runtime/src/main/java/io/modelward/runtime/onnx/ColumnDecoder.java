package io.modelward.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.modelward.core.json.Json;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.serving.SelfTest;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes columns of a graph's outputs. Numbers keep their value: a float32 is written as the float64 that is equal to
 * it.
 */
final class ColumnDecoder {

    /** In bytes, the least that a text takes, with the array and the objects that it is read into. */
    private static final long TEXT = 64;
    /**
     * How a character beyond U+FFFF comes out: as its bytes of UTF-8, each as a character, in a text that is cut at its
     * end, since Java counts one character for the four bytes. A text that ends in ð cannot be told from such a text.
     */
    private static final Pattern DAMAGED = Pattern.compile(
            "[\\xf0-\\xf4][\\x80-\\xbf]{3}|[\\xf0-\\xf4][\\x80-\\xbf]{2}\\z|\\xf0[\\x90-\\xbf]?\\z|[\\ud800-\\udfff]");

    /** The output has a type that cannot be an answer. */
    static final class Unfit extends Exception {
        private final String error;

        Unfit(String error, String message) {
            super(message);
            this.error = error;
        }

        /** The kind of error, as workers name them. */
        String error() {
            return error;
        }
    }

    private ColumnDecoder() {}

    /** In bytes, the least that a decoded output takes. An output that cannot be decoded takes nothing. */
    static long leastBytes(OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor)) {
            return value instanceof OnnxSequence sequence ? TEXT * Math.max(0, sequence.getInfo().length) : 0;
        }
        long bytes = tensor.getInfo().type == OnnxJavaType.STRING ? TEXT : Long.BYTES;
        for (long dimension : tensor.getInfo().getShape()) {
            // An axis of length 0 has brackets too.
            bytes = saturated(bytes, Math.max(1, dimension));
        }
        return bytes;
    }

    private static long saturated(long left, long right) {
        return left > Long.MAX_VALUE / right ? Long.MAX_VALUE : left * right;
    }

    /**
     * Decodes.
     *
     * @param room from which {@link #leastBytes} are taken already
     * @param rows how many items the output must have
     * @param quotedName of the column, as a JSON string
     * @param flat whether a row's array of one value is answered as the value
     */
    static OutputColumn decode(
            OnnxValue value, String output, int rows, String quotedName, boolean flat, AnswerRoom room)
            throws Unfit, OrtException, Engine.NoMemory {
        if (value instanceof OnnxTensor tensor) {
            return tensor(tensor, output, rows, quotedName, flat, room);
        }
        if (value instanceof OnnxSequence sequence && sequence.getInfo().isSequenceOfMaps()) {
            return maps(sequence, output, rows, quotedName, room);
        }
        throw new Unfit("AnswerValue", "the output " + output + " is neither a tensor nor a sequence of maps");
    }

    private static OutputColumn tensor(
            OnnxTensor tensor, String output, int rows, String quotedName, boolean flat, AnswerRoom room)
            throws Unfit, OrtException, Engine.NoMemory {
        TensorInfo info = tensor.getInfo();
        long[] shape = info.getShape();
        if (shape.length == 0 || shape[0] != rows) {
            throw new Unfit(
                    SelfTest.SHAPE,
                    "the output " + output + " has the shape " + Arrays.toString(shape)
                            + ", where the first dimension must be the " + rows + " rows that were asked");
        }
        int[] perRow = new int[flat && shape.length == 2 && shape[1] == 1 ? 0 : shape.length - 1];
        long count = rows;
        for (int i = 0; i < perRow.length; i++) {
            perRow[i] = Math.toIntExact(shape[i + 1]);
            count = Math.multiplyExact(count, (long) perRow[i]);
        }
        Tensor declared = Tensor.of(output, info);
        if (info.type == OnnxJavaType.STRING) {
            List<String> texts = new ArrayList<>();
            flatten(tensor.getValue(), texts, output);
            return new OutputColumn.Values(quotedName, texts(texts, perRow, rows, room));
        }
        if (!declared.isSupported()) {
            throw new Unfit("AnswerValue", "the output " + output + " is of the type " + declared.typeName());
        }
        boolean truth = info.type == OnnxJavaType.BOOL;
        ByteBuffer raw = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        ByteBuffer data = ByteBuffer.allocate((int) (truth ? count : count * 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            put(raw, data, declared, output);
        }
        OutputColumn.Type type = truth
                ? OutputColumn.Type.BOOLEAN
                : declared.isFraction() ? OutputColumn.Type.DOUBLE : OutputColumn.Type.LONG;
        return new OutputColumn.Dense(quotedName, type, perRow, data.flip().order(ByteOrder.LITTLE_ENDIAN));
    }

    private static void put(ByteBuffer raw, ByteBuffer data, Tensor of, String output) throws Unfit {
        switch (of.type()) {
            case FLOAT -> data.putDouble(raw.getFloat());
            case DOUBLE -> data.putDouble(raw.getDouble());
            case FLOAT16 -> data.putDouble(Float.float16ToFloat(raw.getShort()));
            case INT64 -> {
                long value = raw.getLong();
                if (of.unsigned() && value < 0) {
                    throw new Unfit("AnswerValue", "the output " + output + " holds a uint64 of more than 63 bits");
                }
                data.putLong(value);
            }
            case INT32 -> data.putLong(of.unsigned() ? Integer.toUnsignedLong(raw.getInt()) : raw.getInt());
            case INT16 -> data.putLong(of.unsigned() ? Short.toUnsignedLong(raw.getShort()) : raw.getShort());
            case UINT8 -> data.putLong(Byte.toUnsignedLong(raw.get()));
            case INT8 -> data.putLong(of.unsigned() ? Byte.toUnsignedLong(raw.get()) : raw.get());
            default -> data.put(raw.get());
        }
    }

    private static void flatten(Object value, List<String> texts, String output) throws Unfit {
        if (value instanceof String text) {
            texts.add(whole(text, output));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                flatten(Array.get(value, i), texts, output);
            }
        } else {
            throw new Unfit("AnswerValue", "an output of strings holds something else");
        }
    }

    private static String whole(String text, String output) throws Unfit {
        if (DAMAGED.matcher(text).find()) {
            throw new Unfit(
                    "AnswerValue",
                    "the output " + output
                            + " may hold a text with a character beyond U+FFFF, which graphs do not give whole here");
        }
        return text;
    }

    private static JsonColumn texts(List<String> texts, int[] perRow, int rows, AnswerRoom room)
            throws Unfit, Engine.NoMemory {
        JsonColumn.Builder column = new JsonColumn.Builder();
        int each = rows == 0 ? 0 : texts.size() / rows;
        for (int row = 0; row < rows; row++) {
            byte[] json = Json.bytes(nested(texts, perRow, 0, row * each, each));
            room.take(Math.max(0, json.length + 1 - TEXT * each));
            column.add(json);
        }
        return column.build();
    }

    private static JsonNode nested(List<String> texts, int[] perRow, int dimension, int first, int count) {
        if (dimension == perRow.length) {
            return StringNode.valueOf(texts.get(first));
        }
        ArrayNode array = Json.array();
        int parts = perRow[dimension];
        int each = parts == 0 ? 0 : count / parts;
        for (int i = 0; i < parts; i++) {
            array.add(nested(texts, perRow, dimension + 1, first + i * each, each));
        }
        return array;
    }

    /** A sequence of maps, which classifiers answer their probabilities as: an object for each row. */
    private static OutputColumn maps(OnnxSequence sequence, String output, int rows, String quotedName, AnswerRoom room)
            throws Unfit, OrtException, Engine.NoMemory {
        List<? extends OnnxValue> items = sequence.getValue();
        try {
            if (items.size() != rows) {
                throw new Unfit(
                        SelfTest.SHAPE,
                        "the output " + output + " has " + items.size() + " maps for the " + rows
                                + " rows that were asked");
            }
            JsonColumn.Builder column = new JsonColumn.Builder();
            for (OnnxValue item : items) {
                OnnxMap map = (OnnxMap) item;
                long least = TEXT * map.size();
                room.take(least);
                ObjectNode object = Json.object();
                for (Map.Entry<?, ?> entry : map.getValue().entrySet()) {
                    object.set(whole(String.valueOf(entry.getKey()), output), value(entry.getValue(), output));
                }
                byte[] json = Json.bytes(object);
                room.take(Math.max(0, json.length + 1 - least));
                column.add(json);
            }
            return new OutputColumn.Values(quotedName, column.build());
        } finally {
            items.forEach(OnnxValue::close);
        }
    }

    private static JsonNode value(Object value, String output) throws Unfit {
        return switch (value) {
            case Float f -> fraction(f, output);
            case Double d -> fraction(d, output);
            case Long l -> LongNode.valueOf(l);
            default -> StringNode.valueOf(whole(String.valueOf(value), output));
        };
    }

    private static JsonNode fraction(double value, String output) throws Unfit {
        if (Double.isInfinite(value)) {
            throw new Unfit(
                    "AnswerValue", "the output " + output + " holds an infinite number, which JSON does not have");
        }
        return Double.isNaN(value) ? NullNode.getInstance() : DoubleNode.valueOf(value);
    }
}
