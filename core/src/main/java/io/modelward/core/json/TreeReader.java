package io.modelward.core.json;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds a tree from tokens, so that each refusal knows where in the text it stands. */
final class TreeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Where Jackson's messages name its own settings, which are no business of the caller. */
    private static final Pattern MACHINERY = Pattern.compile(", from `[^`]*`"
            + "| \\([^()\\[]*\\[Source:[^\\]]*\\]\\)"
            + "|: enable `[^`]*` to allow"
            + "|: \\w+ number literals require enabling.*"
            + "| \\(not recognized[^)]*\\)");

    private final JsonParser parser;
    private final String field;

    private TreeReader(JsonParser parser, String field) {
        this.parser = parser;
        this.field = field;
    }

    static JsonNode read(String text, String field) {
        if (text.startsWith("\uFEFF")) {
            throw ProblemException.invalid(
                    field, "The document starts with a byte order mark; save it as UTF-8 without one.");
        }
        try (JsonParser parser = Json.MAPPER.createParser(text)) {
            return new TreeReader(parser, field).document();
        } catch (JacksonException malformed) {
            String where = malformed.getLocation() == null ? "" : " " + Position.of(malformed.getLocation());
            String reason = MACHINERY.matcher(malformed.getOriginalMessage()).replaceAll("");
            throw ProblemException.invalid(field, "This is not valid JSON" + where + ": " + reason + ".");
        }
    }

    private JsonNode document() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw ProblemException.invalid(field, "The document is empty; JSON is needed.");
        }
        JsonNode node = value(first, 0);
        if (parser.nextToken() != null) {
            throw wrong("something follows the end of the document");
        }
        return node;
    }

    private JsonNode value(JsonToken token, int depth) {
        return switch (token) {
            case START_OBJECT -> object(deeper(depth));
            case START_ARRAY -> array(deeper(depth));
            case VALUE_STRING -> NODES.stringNode(wellFormed(parser.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(finite(parser.getDoubleValue()));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw wrong("a value is missing");
        };
    }

    private ObjectNode object(int depth) {
        ObjectNode node = NODES.objectNode();
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            wellFormed(key);
            if (node.has(key)) {
                throw wrong("the key " + Quoted.of(key) + " is given twice");
            }
            node.set(key, value(next(), depth));
        }
        return node;
    }

    private ArrayNode array(int depth) {
        ArrayNode node = NODES.arrayNode();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            node.add(value(token, depth));
        }
        return node;
    }

    private JsonToken next() {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw wrong("the document ends too early");
        }
        return token;
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> big(parser.getBigIntegerValue());
        };
    }

    private JsonNode big(BigInteger number) {
        finite(number.doubleValue());
        return NODES.numberNode(number);
    }

    private double finite(double number) {
        if (!Double.isFinite(number)) {
            throw wrong("the number is too large for a double");
        }
        return number;
    }

    private String wellFormed(String text) {
        if (Surrogates.anyAlone(text)) {
            throw wrong("a text has half of a surrogate pair, which is no character");
        }
        return text;
    }

    private int deeper(int depth) {
        if (depth == Json.DEEPEST) {
            throw wrong("arrays and objects nest deeper than " + Json.DEEPEST);
        }
        return depth + 1;
    }

    private ProblemException wrong(String reason) {
        return ProblemException.invalid(
                field, "This JSON cannot be used " + Position.of(parser.currentTokenLocation()) + ": " + reason + ".");
    }
}
