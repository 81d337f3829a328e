package io.modelward.core.signature;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * MLflow's column types and tensors as JSON schemas. Whole numbers of a column or a tensor have the bounds of their
 * type, so that a change from {@code integer} to {@code long} widens the input and the opposite narrows it; a
 * {@code float} and a {@code double} are one to JSON. A type that is not known here takes any value: MLflow itself
 * checks it again.
 */
final class MlflowTypes {

    private static final Schema INTEGER =
            integer(BigDecimal.valueOf(Integer.MIN_VALUE), BigDecimal.valueOf(Integer.MAX_VALUE));
    private static final Schema LONG = integer(BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE));
    private static final int DEEPEST = 32;
    private static final int MOST_DIMENSIONS = 16;

    private MlflowTypes() {}

    static boolean isTensor(JsonNode spec) {
        return spec.path("type").stringValue("").equals("tensor");
    }

    static boolean isRequired(JsonNode spec) {
        return spec.path("required").asBoolean(true);
    }

    /** What a caller may send for a column or tensor of one row. */
    static Schema input(JsonNode spec) {
        return type(spec, false);
    }

    /** What a model may answer for it. Whole numbers have no bounds: no reader relies on them. */
    static Schema output(JsonNode spec) {
        return type(spec, true);
    }

    private static Schema type(JsonNode spec, boolean output) {
        Schema type = isTensor(spec) ? tensor(spec.path("tensor-spec"), output) : column(spec, output, 0);
        return isRequired(spec) ? type : Schemas.union(List.of(type, new Schema.Null()));
    }

    private static Schema column(JsonNode spec, boolean output, int depth) {
        if (depth > DEEPEST) {
            throw MlflowSignature.refused("In MLmodel, the signature nests deeper than " + DEEPEST + ".");
        }
        return switch (spec.path("type").stringValue("")) {
            case "boolean" -> new Schema.Bool();
            case "integer" -> output ? Schemas.number(true) : INTEGER;
            case "long" -> output ? Schemas.number(true) : LONG;
            case "float", "double" -> Schemas.NUMBER;
            case "string" -> Schemas.STRING;
            case "binary" -> text("base64");
            case "datetime" -> text("date-time");
            case "array" ->
                new Schema.Arr(List.of(), column(spec.path("items"), output, depth + 1), 0, OptionalInt.empty());
            case "object" -> object(spec.path("properties"), output, depth + 1);
            case "map" -> new Schema.Obj(Map.of(), Set.of(), column(spec.path("values"), output, depth + 1));
            case "sparkml_vector" -> new Schema.Arr(List.of(), Schemas.NUMBER, 0, OptionalInt.empty());
            default -> Schema.ANY;
        };
    }

    private static Schema object(JsonNode properties, boolean output, int depth) {
        Map<String, Schema> types = new LinkedHashMap<>();
        Set<String> required = new LinkedHashSet<>();
        for (String name : properties.propertyNames()) {
            JsonNode spec = properties.get(name);
            Schema type = column(spec, output, depth);
            types.put(name, isRequired(spec) ? type : Schemas.union(List.of(type, new Schema.Null())));
            if (isRequired(spec)) {
                required.add(name);
            }
        }
        return new Schema.Obj(types, required, output ? Schema.ANY : Schema.NOTHING);
    }

    /** One row of a tensor: its shape without the first dimension, which counts the rows. */
    private static Schema tensor(JsonNode spec, boolean output) {
        JsonNode shape = spec.path("shape");
        if (!shape.isArray()
                || shape.isEmpty()
                || shape.size() > MOST_DIMENSIONS
                || !shape.valueStream().allMatch(JsonNode::isInt)) {
            throw MlflowSignature.refused(
                    "In MLmodel, a tensor of the signature has a shape, a list of whole numbers.");
        }
        Schema row = element(spec.path("dtype").stringValue(""), output);
        for (int i = shape.size() - 1; i > 0; i--) {
            int length = shape.get(i).intValue();
            OptionalInt most = length < 0 ? OptionalInt.empty() : OptionalInt.of(length);
            row = new Schema.Arr(List.of(), row, Math.max(0, length), most);
        }
        return row;
    }

    private static Schema element(String dtype, boolean output) {
        if (dtype.startsWith("float")) {
            return Schemas.NUMBER;
        }
        if (dtype.matches("u?int(8|16|32|64)")) {
            if (output) {
                return Schemas.number(true);
            }
            boolean signed = dtype.startsWith("int");
            int bits = Integer.parseInt(dtype.substring(signed ? 3 : 4));
            BigInteger count = BigInteger.TWO.pow(signed ? bits - 1 : bits);
            return integer(
                    new BigDecimal(signed ? count.negate() : BigInteger.ZERO),
                    new BigDecimal(count.subtract(BigInteger.ONE)));
        }
        if (dtype.startsWith("datetime64")) {
            return text("date-time");
        }
        if (dtype.equals("bool")) {
            return new Schema.Bool();
        }
        boolean text = List.of("str", "<U", "bytes", "|S").stream().anyMatch(dtype::startsWith);
        return text ? Schemas.STRING : Schema.ANY;
    }

    private static Schema text(String format) {
        return new Schema.Text(0, OptionalInt.empty(), Optional.empty(), Optional.of(format));
    }

    private static Schema integer(BigDecimal least, BigDecimal most) {
        return new Schema.Numeric(
                true,
                Optional.of(new Schema.Bound(least, false)),
                Optional.of(new Schema.Bound(most, false)),
                Optional.empty());
    }
}
