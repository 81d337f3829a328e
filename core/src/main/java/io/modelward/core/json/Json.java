package io.modelward.core.json;

import io.modelward.core.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes JSON. What {@code parse} lets through has one meaning for every reader; see RFC 8259 and, for why,
 * RFC 7493.
 */
public final class Json {

    /** How deep arrays and objects may nest. */
    public static final int DEEPEST = 64;

    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .errorReportConfiguration(ErrorReportConfiguration.builder()
                            .maxErrorTokenLength(40)
                            .build())
                    .build())
            .build();

    private static final char REPLACEMENT = '\uFFFD';

    private Json() {}

    /**
     * Reads one whole document of strict UTF-8 JSON. Refused under the name {@code field}, with line and column:
     * malformed UTF-8, a byte order mark, a key given twice, anything after the document, {@code NaN}, a number too
     * large for a double, half a surrogate pair, nesting beyond {@link #DEEPEST}.
     */
    public static JsonNode parse(byte[] content, String field) {
        String text = new String(content, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(content, field);
        }
        return parse(text, field);
    }

    /**
     * As {@link #parse(byte[], String)}, for documents of any size: the memory that the tree takes is taken from the
     * meter while the tree is built, and no copy of the document is made.
     *
     * @throws ProblemException also when the meter has no more memory
     */
    public static JsonNode parse(byte[] content, String field, Meter meter) {
        Utf8.check(content, field);
        return TreeReader.read(content, field, meter);
    }

    /** Takes the elements of an array one by one. */
    @FunctionalInterface
    public interface Elements {
        void element(JsonNode element, int index);
    }

    /**
     * Reads a document that is an object with one large array, without holding the array: its elements are handed over
     * one by one.
     *
     * @param member the member of the document that holds the array
     * @return the document, with an empty array in the place of that array; of a document that is no object, all of it
     */
    public static JsonNode eachOf(String member, byte[] content, String field, Meter meter, Elements elements) {
        Utf8.check(content, field);
        return TreeReader.eachOf(member, content, field, meter, elements);
    }

    /**
     * Reads a document that is an array, without holding the array: its elements are handed over one by one.
     *
     * @throws ProblemException also when the document is no array
     */
    public static void each(byte[] content, String field, Elements elements) {
        Utf8.check(content, field);
        TreeReader.each(content, field, elements);
    }

    /** The replacement character may have been sent as such; only a strict decoder can tell. */
    private static void refuseMalformed(byte[] content, String field) {
        CharBuffer out = CharBuffer.allocate(content.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content), out, true);
        if (result.isError()) {
            String before = out.flip().toString();
            throw ProblemException.invalid(field, "The bytes are not valid UTF-8 " + Position.after(before) + ".");
        }
    }

    /** As {@link #parse(byte[], String)}, for a text. */
    public static JsonNode parse(String text, String field) {
        return TreeReader.read(text, field);
    }

    public static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    public static byte[] bytes(JsonNode node) {
        return write(node).getBytes(StandardCharsets.UTF_8);
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
