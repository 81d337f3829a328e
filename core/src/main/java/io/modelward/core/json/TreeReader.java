package io.modelward.core.json;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.math.BigInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
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
    private final Function<TokenStreamLocation, String> positions;
    private final String field;
    private final Meter meter;

    private TreeReader(JsonParser parser, Function<TokenStreamLocation, String> positions, String field, Meter meter) {
        this.parser = parser;
        this.positions = positions;
        this.field = field;
        this.meter = meter;
    }

    static JsonNode read(String text, String field) {
        if (text.startsWith("\uFEFF")) {
            throw byteOrderMark(field);
        }
        return read(() -> Json.MAPPER.createParser(text), Position::of, field, Meter.free(), TreeReader::document);
    }

    /** Reads UTF-8 that was checked to be well-formed, without making a text of it first. */
    static JsonNode read(byte[] utf8, String field, Meter meter) {
        return read(utf8, field, meter, TreeReader::document);
    }

    /** As {@link Json#eachOf}. */
    static JsonNode eachOf(String member, byte[] utf8, String field, Meter meter, Json.Elements elements) {
        return read(utf8, field, meter, reader -> reader.eachOf(member, elements));
    }

    /** As {@link Json#each}. */
    static void each(byte[] utf8, String field, Json.Elements elements) {
        read(utf8, field, Meter.free(), reader -> {
            if (reader.parser.nextToken() != JsonToken.START_ARRAY) {
                throw reader.wrong("it is no array");
            }
            reader.each(elements, 1);
            reader.requireEnd();
            return NODES.nullNode();
        });
    }

    private static JsonNode read(byte[] utf8, String field, Meter meter, Function<TreeReader, JsonNode> reading) {
        if (Utf8.startsWithMark(utf8)) {
            throw byteOrderMark(field);
        }
        return read(
                () -> Json.MAPPER.createParser(utf8),
                location -> Position.of(utf8, location.getByteOffset()),
                field,
                meter,
                reading);
    }

    private static JsonNode read(
            Supplier<JsonParser> source,
            Function<TokenStreamLocation, String> positions,
            String field,
            Meter meter,
            Function<TreeReader, JsonNode> reading) {
        try (JsonParser parser = source.get()) {
            return reading.apply(new TreeReader(parser, positions, field, meter));
        } catch (JacksonException malformed) {
            String where = malformed.getLocation() == null ? "" : " " + positions.apply(malformed.getLocation());
            String reason = MACHINERY.matcher(malformed.getOriginalMessage()).replaceAll("");
            throw ProblemException.invalid(field, "This is not valid JSON" + where + ": " + reason + ".");
        }
    }

    private static ProblemException byteOrderMark(String field) {
        return ProblemException.invalid(
                field, "The document starts with a byte order mark; save it as UTF-8 without one.");
    }

    private JsonNode eachOf(String member, Json.Elements elements) {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            return rest(first);
        }
        ObjectNode node = NODES.objectNode();
        meter.object();
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            requireNew(node, key);
            meter.member(key);
            JsonToken token = next();
            if (key.equals(member) && token == JsonToken.START_ARRAY) {
                each(elements, 2);
                node.set(key, NODES.arrayNode());
            } else {
                node.set(key, value(token, 1));
            }
        }
        requireEnd();
        return node;
    }

    private void each(Json.Elements elements, int depth) {
        int index = 0;
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            long before = meter.counted();
            elements.element(value(token, depth), index++);
            meter.back(before);
        }
    }

    private JsonNode document() {
        return rest(parser.nextToken());
    }

    /** All of the document, whose first token was read. */
    private JsonNode rest(@Nullable JsonToken first) {
        if (first == null) {
            throw ProblemException.invalid(field, "The document is empty; JSON is needed.");
        }
        JsonNode node = value(first, 0);
        requireEnd();
        return node;
    }

    private void requireEnd() {
        if (parser.nextToken() != null) {
            throw wrong("something follows the end of the document");
        }
    }

    private void requireNew(ObjectNode node, String key) {
        wellFormed(key);
        if (node.has(key)) {
            throw wrong("the key " + Quoted.of(key) + " is given twice");
        }
    }

    private JsonNode value(JsonToken token, int depth) {
        return switch (token) {
            case START_OBJECT -> object(deeper(depth));
            case START_ARRAY -> array(deeper(depth));
            case VALUE_STRING -> text();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> {
                meter.number(0);
                yield NODES.numberNode(finite(parser.getDoubleValue()));
            }
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw wrong("a value is missing");
        };
    }

    private ObjectNode object(int depth) {
        ObjectNode node = NODES.objectNode();
        meter.object();
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            requireNew(node, key);
            meter.member(key);
            node.set(key, value(next(), depth));
        }
        return node;
    }

    private ArrayNode array(int depth) {
        ArrayNode node = NODES.arrayNode();
        meter.array();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            meter.element();
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

    private JsonNode text() {
        meter.text(parser.getStringLength());
        return NODES.stringNode(wellFormed(parser.getString()));
    }

    private JsonNode integer() {
        meter.number(parser.getStringLength());
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
                field,
                "This JSON cannot be used " + positions.apply(parser.currentTokenLocation()) + ": " + reason + ".");
    }
}
