package io.modelward.registry.webhook;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.webhook.Event;
import java.util.List;
import java.util.regex.Pattern;

/** What a webhook may look like: MLflow's limits. */
final class WebhookRule {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final int LONGEST_TEXT = 1000;

    private WebhookRule() {}

    static void check(String name, String description) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalid(
                    "name",
                    "Webhook name " + Quoted.of(name)
                            + " is invalid. It has 1 to 63 letters, digits, dots, underscores and hyphens, and"
                            + " starts and"
                            + " ends with a letter or digit.");
        }
        if (description.length() > LONGEST_TEXT) {
            throw ProblemException.invalid("description", "A description has at most " + LONGEST_TEXT + " characters.");
        }
    }

    static void check(List<Event> events) {
        if (events.isEmpty()) {
            throw ProblemException.invalid("events", "A webhook is told of one event at least.");
        }
    }

    static void secret(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw ProblemException.invalid("secret", "A secret has at most " + LONGEST_TEXT + " characters.");
        }
    }
}
