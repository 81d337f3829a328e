package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How commands show roles and scopes. */
final class AccessWords {

    private AccessWords() {}

    /** The role and scope of each, such as {@code reader on model:default/iris}. */
    static String permissions(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(one -> words.add(permission(one)));
        return String.join(", ", words);
    }

    static String permission(JsonNode one) {
        String scope = Text.of(one, "scope");
        return Text.of(one, "role") + " on " + (scope.equals("*") ? "the whole server" : scope);
    }

    static Table grants(JsonNode grants) {
        Table table = new Table("ID", "~SUBJECT", "ROLE", "~SCOPE", "?GRANTED", "?~BY", "?~REASON");
        grants.forEach(grant -> table.row(
                Text.of(grant, "id"),
                Text.of(grant, "subject"),
                Text.of(grant, "role"),
                Text.of(grant, "scope"),
                Text.time(grant, "granted_at"),
                Text.who(grant, "granted_by"),
                Text.of(grant, "reason")));
        return table;
    }
}
