package io.modelward.registry.model;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.tracking.KeyValue;

/** What people may write about models and versions: the limits are those that MLflow's clients know. */
public final class ModelTexts {

    private static final int LONGEST_DESCRIPTION = 5000;
    private static final int LONGEST_KEY = 250;
    private static final int LONGEST_VALUE = 100_000;

    private ModelTexts() {}

    public static void description(String text) {
        if (text.length() > LONGEST_DESCRIPTION) {
            throw ProblemException.invalid(
                    "description", "A description has at most " + LONGEST_DESCRIPTION + " characters.");
        }
    }

    public static void tag(KeyValue tag) {
        key(tag.key());
        if (tag.value().length() > LONGEST_VALUE) {
            throw ProblemException.invalid(
                    "value",
                    "The value of tag " + Quoted.of(tag.key()) + " has at most " + LONGEST_VALUE + " characters.");
        }
    }

    public static void key(String key) {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(
                    "key",
                    "The key of a tag has 1 to " + LONGEST_KEY + " characters, none of them a control character.");
        }
    }
}
