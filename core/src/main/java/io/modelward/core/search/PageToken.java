package io.modelward.core.search;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Where a page ended, as callers pass it back: opaque. The token of a search is a cursor, and bound to the query that
 * the token belongs to; the token of a plain list is the key or the number that the list goes on after.
 */
public final class PageToken {

    private static final int MARK = 16;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private PageToken() {}

    /**
     * Writes a cursor.
     *
     * @param query all of the query but its size and token
     */
    public static String write(Cursor cursor, List<String> query) {
        ArrayNode json = Json.array().add(mark(query)).add(cursor.phase());
        for (Object value : cursor.values()) {
            switch (value) {
                case Long number -> json.add(number);
                case Double number -> json.add(number);
                default -> json.add(value.toString());
            }
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
    }

    /** Reads a token back, and refuses one of another query. */
    public static Cursor read(String token, List<String> query) {
        JsonNode json;
        try {
            json = Json.parse(Base64.getUrlDecoder().decode(token), "page_token");
        } catch (IllegalArgumentException | ProblemException malformed) {
            throw malformed();
        }
        if (!json.isArray()
                || json.size() < 2
                || !json.get(0).isString()
                || !json.get(1).isInt()) {
            throw malformed();
        }
        if (!json.get(0).stringValue().equals(mark(query))) {
            throw ProblemException.invalid(
                    "page_token",
                    "This page_token belongs to another query: filter, order and all else must be those of the"
                            + " page before.");
        }
        List<Object> values = new ArrayList<>();
        for (int i = 2; i < json.size(); i++) {
            values.add(value(json.get(i)));
        }
        return new Cursor(json.get(1).intValue(), List.copyOf(values));
    }

    private static Object value(JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        } else if (node.isNumber()) {
            return node.doubleValue();
        }
        throw malformed();
    }

    private static String mark(List<String> query) {
        ArrayNode all = Json.array();
        query.forEach(all::add);
        String hex = Digest.of(Json.write(all).getBytes(StandardCharsets.UTF_8)).toString();
        return hex.substring(hex.length() - MARK);
    }

    /** Writes the key that a plain list goes on after. */
    public static String ofKey(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a key back. */
    public static String key(String token) {
        String key;
        try {
            key = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            throw malformed();
        }
        if (key.indexOf(0) >= 0 || !ofKey(key).equals(token)) {
            throw malformed();
        }
        return key;
    }

    /** Reads the key of a list that is numbered. */
    public static long number(String token) {
        String key = key(token);
        if (!NUMBER.matcher(key).matches()) {
            throw malformed();
        }
        return Long.parseLong(key);
    }

    /** A token that no page gave. */
    public static ProblemException malformed() {
        return ProblemException.invalid("page_token", "Pass the next_page_token of the page before, unchanged.");
    }
}
