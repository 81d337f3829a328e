package io.modelward.pages.frame;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** How a value of a card is laid out: as a table, as names with values, or as text. */
public final class CardValues {

    /** Items of a list, and members of an object, that a page shows. */
    public static final int MOST = 200;

    private static final int MOST_COLUMNS = 8;
    /** Longer names are shown as they are: the depth of the match grows with the name. */
    private static final int LONGEST_LABEL = 200;

    private CardValues() {}

    /** A name of a member as people read it: {@code training_data} is training data. */
    public static String label(String name) {
        return name.length() <= LONGEST_LABEL && name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)+")
                ? name.replace('_', ' ')
                : name;
    }

    /** Whether a value is a list of flat objects that are alike. */
    public static boolean isTable(JsonNode node) {
        if (!node.isArray() || node.size() < 2) {
            return false;
        }
        for (JsonNode item : node) {
            if (!item.isObject() || item.isEmpty() || item.size() > MOST_COLUMNS) {
                return false;
            }
        }
        return columns(node).size() <= MOST_COLUMNS;
    }

    /** The members that the items of a list have. */
    public static List<String> columns(JsonNode node) {
        Set<String> names = new LinkedHashSet<>();
        first(node).forEach(item -> names.addAll(item.propertyNames()));
        return List.copyOf(names);
    }

    /** The first members of an object. */
    public static List<Map.Entry<String, JsonNode>> members(JsonNode node) {
        return node.properties().stream().limit(MOST).toList();
    }

    /** The first items of a list. */
    public static List<JsonNode> first(JsonNode node) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : node) {
            if (items.size() == MOST) {
                break;
            }
            items.add(item);
        }
        return items;
    }
}
