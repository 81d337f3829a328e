package io.modelward.core.json;

import io.modelward.core.problem.ProblemException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The canonical bytes of a JSON value by RFC 8785: no white space, keys in UTF-16 order, numbers as ECMAScript writes
 * them, UTF-8. Equal values have equal bytes, so their digest is an identity.
 */
public final class CanonicalJson {

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    /**
     * The canonical bytes. A number that a double cannot hold exactly as an integer, or that is not finite, is refused
     * by its path.
     */
    public static byte[] bytes(JsonNode node) {
        return bytes(node, "");
    }

    /** As {@link #bytes(JsonNode)}; {@code root} is the name under which the value itself is known to its writer. */
    public static byte[] bytes(JsonNode node, String root) {
        CanonicalJson json = new CanonicalJson();
        json.value(node, root);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(JsonNode node, String path) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node, path);
            case ARRAY -> array(node, path);
            case STRING -> string(node.stringValue(), path);
            case NUMBER -> number(node, path);
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL -> out.append("null");
            default -> throw wrong(path, "This is no JSON value.");
        }
    }

    private void object(JsonNode node, String path) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.forEachEntry(sorted::put);
        char separator = '{';
        for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
            out.append(separator);
            string(member.getKey(), path);
            out.append(':');
            value(member.getValue(), JsonPath.member(path, member.getKey()));
            separator = ',';
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private void array(JsonNode node, String path) {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(node.get(i), JsonPath.item(path, i));
        }
        out.append(']');
    }

    private void number(JsonNode node, String path) {
        double value =
                node.isBigDecimal() || node.isBigInteger() ? node.decimalValue().doubleValue() : node.doubleValue();
        if (!Double.isFinite(value)) {
            throw wrong(path, "This number is too large for a double.");
        }
        if (node.isIntegralNumber() && new BigDecimal(value).compareTo(node.decimalValue()) != 0) {
            throw wrong(path, "This integer is too large to be exact in JSON; write it as a string.");
        }
        out.append(EcmaNumber.write(value));
    }

    private void string(String text, String path) {
        if (Surrogates.anyAlone(text)) {
            throw wrong(path, "A text has half of a surrogate pair, which is no character.");
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                if (c < 0x20) {
                    out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                } else {
                    out.append(c);
                }
            }
        }
    }

    private ProblemException wrong(String path, String detail) {
        return ProblemException.invalid(path.isEmpty() ? "document" : path, detail);
    }
}
