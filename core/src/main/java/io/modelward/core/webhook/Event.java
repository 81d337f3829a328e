package io.modelward.core.webhook;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What webhooks are told of: something, and what happened to it. */
public enum Event {
    REGISTERED_MODEL_CREATED("registered_model", "created", true),
    REGISTERED_MODEL_UPDATED("registered_model", "updated", false),
    REGISTERED_MODEL_DELETED("registered_model", "deleted", false),
    MODEL_VERSION_CREATED("model_version", "created", true),
    MODEL_VERSION_UPDATED("model_version", "updated", false),
    MODEL_VERSION_DELETED("model_version", "deleted", false),
    MODEL_VERSION_TAG_SET("model_version_tag", "set", true),
    MODEL_VERSION_TAG_DELETED("model_version_tag", "deleted", true),
    MODEL_VERSION_ALIAS_CREATED("model_version_alias", "created", true),
    MODEL_VERSION_ALIAS_DELETED("model_version_alias", "deleted", true),
    VERSION_PUBLISHED("version", "published"),
    VERSION_LOAD_FAILED("version", "load-failed"),
    WORKER_DIED("worker", "died"),
    ENDPOINT_MOVED("endpoint", "moved"),
    ROLLOUT_STARTED("rollout", "started"),
    ROLLOUT_HELD("rollout", "held"),
    ROLLOUT_ROLLED_BACK("rollout", "rolled-back"),
    ROLLOUT_PROMOTED("rollout", "promoted");

    private final String entity;
    private final String action;
    private final boolean known;
    private final boolean own;

    Event(String entity, String action, boolean known) {
        this.entity = entity;
        this.action = action;
        this.known = known;
        this.own = false;
    }

    Event(String entity, String action) {
        this.entity = entity;
        this.action = action;
        this.known = false;
        this.own = true;
    }

    public String entity() {
        return entity;
    }

    public String action() {
        return action;
    }

    /** Whether MLflow's clients know it. They cannot read a list in which another stands. */
    public boolean known() {
        return known;
    }

    /** Whether it is one of this registry's own events, which MLflow has no word for. */
    public boolean own() {
        return own;
    }

    /** As it is kept and shown: {@code model_version.created}. */
    public String label() {
        return entity + "." + action;
    }

    /** @throws ProblemException of kind INVALID when there is no such event */
    public static Event parse(String label) {
        return Arrays.stream(values())
                .filter(event -> event.label().equals(label))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        "events",
                        "There is no event " + Quoted.of(label) + ". These are: "
                                + Arrays.stream(values()).map(Event::label).collect(Collectors.joining(", ")) + "."));
    }

    /** @throws IllegalArgumentException for a label that was never given out */
    public static Event of(String label) {
        return Arrays.stream(values())
                .filter(event -> event.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(label));
    }

    /** @throws ProblemException of kind INVALID when nothing of the kind ever happens here */
    public static Event of(String entity, String action) {
        String thing = entity.toLowerCase(Locale.ROOT);
        String act = action.toLowerCase(Locale.ROOT);
        Optional<Event> found = Arrays.stream(values())
                .filter(event -> event.entity.equals(thing) && event.action.equals(act))
                .findFirst();
        return found.orElseThrow(() -> {
            String valid = Arrays.stream(values())
                    .filter(event -> event.entity.equals(thing))
                    .map(Event::action)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return ProblemException.invalid(
                    "events",
                    valid.isEmpty()
                            ? "This server has no " + Quoted.plain(thing) + ", so that nothing would ever be sent."
                            : "Invalid action '" + Quoted.plain(act) + "' for entity '" + thing
                                    + "'. Valid actions are: " + valid + ".");
        });
    }
}
