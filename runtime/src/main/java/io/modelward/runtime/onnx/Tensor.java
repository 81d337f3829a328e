package io.modelward.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.modelward.core.json.Json;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * One input or output of a graph, of which each row has a part.
 *
 * @param perRow the dimensions of one row's part, without the first of the graph, which counts the rows; -1 where a
 *     dimension is free
 * @param unsigned whether whole numbers have no sign
 */
record Tensor(String name, OnnxJavaType type, long[] perRow, boolean unsigned) {

    /**
     * As the graph declares it.
     *
     * @param info of a tensor with at least one dimension
     */
    static Tensor of(String name, TensorInfo info) {
        long[] shape = info.getShape();
        return new Tensor(
                name,
                info.type,
                shape.length == 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length),
                info.onnxType.name().contains("_UINT"));
    }

    /** How many values a row has; -1 when a dimension is free. The largest long stands for all larger counts. */
    long count() {
        if (Arrays.stream(perRow).anyMatch(dimension -> dimension < 0)) {
            return -1;
        }
        return Arrays.stream(perRow).anyMatch(dimension -> dimension == 0) ? 0 : blankCount();
    }

    /** How many values {@link #blank} has. The largest long stands for all larger counts. */
    long blankCount() {
        long count = 1;
        for (long dimension : perRow) {
            long values = Math.max(1, dimension);
            count = count > Long.MAX_VALUE / values ? Long.MAX_VALUE : count * values;
        }
        return count;
    }

    /** Whether a row has one value, which needs no array around it. */
    boolean isScalar() {
        return perRow.length == 0 || (perRow.length == 1 && perRow[0] == 1);
    }

    boolean isNumber() {
        return isFraction() || isWhole();
    }

    boolean isFraction() {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.DOUBLE || type == OnnxJavaType.FLOAT16;
    }

    boolean isWhole() {
        return switch (type) {
            case INT8, UINT8, INT16, INT32, INT64 -> true;
            default -> false;
        };
    }

    boolean isSupported() {
        return isNumber() || type == OnnxJavaType.BOOL || type == OnnxJavaType.STRING;
    }

    /** The type in ONNX's words, such as {@code float32}. */
    String typeName() {
        return switch (type) {
            case FLOAT -> "float32";
            case DOUBLE -> "float64";
            case FLOAT16 -> "float16";
            default ->
                (unsigned && type != OnnxJavaType.UINT8 ? "u" : "")
                        + type.name().toLowerCase(Locale.ROOT);
        };
    }

    /** The least whole number that it takes. */
    long least() {
        if (unsigned || type == OnnxJavaType.UINT8) {
            return 0;
        }
        return switch (type) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            default -> Long.MIN_VALUE;
        };
    }

    /** The largest whole number that it takes; of uint64 the largest that is also an int64. */
    long most() {
        return switch (type) {
            case UINT8 -> 255;
            case INT8 -> unsigned ? 255 : Byte.MAX_VALUE;
            case INT16 -> unsigned ? 65_535 : Short.MAX_VALUE;
            case INT32 -> unsigned ? 0xffff_ffffL : Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    /**
     * A JSON Schema of one row's part.
     *
     * <p>A number may be null where its type has a NaN.
     *
     * @param input of an input, whose whole numbers have bounds
     */
    ObjectNode schema(boolean input) {
        ObjectNode schema = value(input);
        if (isScalar()) {
            return schema;
        }
        for (int i = perRow.length - 1; i >= 0; i--) {
            ObjectNode array = Json.object().put("type", "array");
            array.set("items", schema);
            if (perRow[i] >= 0) {
                array.put("minItems", perRow[i]).put("maxItems", perRow[i]);
            }
            schema = array;
        }
        return schema;
    }

    /** One row's part of zeros; a dimension that is free or 0 has one value. */
    JsonNode blank() {
        JsonNode part = switch (type) {
            case STRING -> StringNode.valueOf("");
            case BOOL -> BooleanNode.FALSE;
            default -> IntNode.valueOf(0);
        };
        if (isScalar()) {
            return part;
        }
        for (int i = perRow.length - 1; i >= 0; i--) {
            ArrayNode array = Json.array();
            for (long j = 0; j < Math.max(1, perRow[i]); j++) {
                array.add(part);
            }
            part = array;
        }
        return part;
    }

    private ObjectNode value(boolean input) {
        ObjectNode value = Json.object();
        if (isFraction()) {
            value.putArray("type").add("number").add("null");
            return value;
        }
        if (isWhole()) {
            value.put("type", "integer");
            if (input) {
                value.put("minimum", least()).put("maximum", most());
            }
            return value;
        }
        return value.put("type", type == OnnxJavaType.BOOL ? "boolean" : "string");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor(String otherName, OnnxJavaType otherType, long[] otherRow, boolean otherSign)
                && name.equals(otherName)
                && type == otherType
                && unsigned == otherSign
                && Arrays.equals(perRow, otherRow);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + typeName() + Arrays.toString(perRow);
    }
}
