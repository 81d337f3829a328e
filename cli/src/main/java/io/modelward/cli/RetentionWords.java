package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Rules of retention and what they do, in words. */
final class RetentionWords {

    private RetentionWords() {}

    static String rule(JsonNode rule) {
        List<String> tags = new ArrayList<>();
        rule.path("keep_tags").forEach(tag -> tags.add(tag.asString("")));
        return "keep the last " + rule.path("keep_last").asLong()
                + (rule.path("per_major").asBoolean(false) ? " of each major" : "")
                + ", what is younger than " + Text.of(rule, "delete_after")
                + (tags.isEmpty() ? "" : ", what has the tag " + String.join(" or ", tags));
    }

    /** Of what the rule is. */
    static String scope(JsonNode rule) {
        return switch (Text.of(rule, "scope")) {
            case "model" -> Text.of(rule, "model");
            case "namespace" -> "namespace " + Text.of(rule, "namespace");
            default -> "server";
        };
    }

    static String reasons(JsonNode version) {
        List<String> words = new ArrayList<>();
        version.path("kept_by").forEach(reason -> words.add(Text.of(reason, "words")));
        return String.join("; ", words);
    }

    /** {@code 3 versions, 1.5 GiB}. */
    static String amount(long versions, long bytes) {
        return Text.plural(versions, "version") + ", " + Sizes.human(bytes);
    }
}
