package io.modelward.access.oidc;

import io.modelward.core.access.Glob;
import io.modelward.core.problem.StartRefused;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a claim must say, such as {@code repository=acme/iris}. In the value {@code *} stands for any characters but a
 * slash. Of a claim that is a list, one element must fit.
 */
record ClaimRule(ClaimName claim, Glob value) {

    /**
     * Reads rules with commas between them, all of which must hold.
     *
     * @param key the setting that has them
     * @throws StartRefused when a rule is none
     */
    static List<ClaimRule> parse(String key, String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(rule -> one(key, rule))
                .toList();
    }

    private static ClaimRule one(String key, String rule) {
        int equals = rule.indexOf('=');
        String name = equals < 0 ? "" : rule.substring(0, equals).strip();
        String value = rule.substring(equals + 1).strip();
        if (name.isEmpty() || value.isEmpty()) {
            throw new StartRefused(key + " has rules such as repository=acme/iris,ref=refs/heads/*: a claim, an equals"
                    + " sign, and what the claim must say.");
        }
        return new ClaimRule(new ClaimName(name), new Glob(value));
    }

    boolean holds(JsonNode claims) {
        return claim.texts(claims).stream().anyMatch(value::matches);
    }
}
