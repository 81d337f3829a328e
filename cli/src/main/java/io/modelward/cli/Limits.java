package io.modelward.cli;

import io.modelward.core.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How much of a list is wanted. */
final class Limits {

    private Limits() {}

    static int checked(int limit) {
        if (limit < 1) {
            throw new Usage("--limit is a whole number from 1.");
        }
        return limit;
    }

    /** A list that the server gives whole, cut to its first items; then it has a {@code next_page_token} too. */
    static JsonNode first(JsonNode list, String member, int limit) {
        checked(limit);
        if (list.path(member).size() <= limit) {
            return list;
        }
        ObjectNode first = Json.object();
        list.path(member).valueStream().limit(limit).forEach(first.putArray(member)::add);
        return first.put("next_page_token", "");
    }

    /** Says below a list that was read to its limit how to see more of it. */
    static void tellMore(Out out, JsonNode list, int limit) {
        if (list.has("next_page_token")) {
            out.hint("There are more. To see them: --limit " + (limit > Integer.MAX_VALUE / 10 ? limit : 10 * limit));
        }
    }
}
