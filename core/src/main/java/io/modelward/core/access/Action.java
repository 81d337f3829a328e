package io.modelward.core.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a caller may do to a {@link Resource}. Which roles allow an action, {@link Role} says. An {@link Authorizer}
 * that allows a change of a resource allows {@link #READ} on it, too: services answer a change with what it made.
 */
public enum Action {
    /** Look at models, versions and their files, endpoints, rollouts, experiments, runs and artifacts; verify them. */
    READ("look at"),
    /** Send predictions to an endpoint. */
    PREDICT("send predictions to"),
    /** Make models, upload and publish versions. What is there already is not changed by it. */
    PUBLISH("publish versions of"),
    /** Change how models and versions are described: descriptions and tags. */
    DESCRIBE("change the description or the tags of"),
    /** Make experiments, runs and logged models, and log to them: parameters, metrics, tags, inputs, artifacts. */
    TRACK("log to"),
    /**
     * Decide what serves and what a name leads to: aliases and stages, make and move endpoints, start and steer
     * rollouts, release versions from quarantine.
     */
    RELEASE("decide what serves for"),
    /**
     * Take away or rename models, versions, endpoints, experiments, runs, logged models and artifacts; bring back those
     * that are kept.
     */
    DELETE("delete, rename or bring back"),
    /** Read the audit log and the records of predictions. */
    AUDIT("read the audit log and the predictions of"),
    /** Give roles on a resource to others, and take them away. */
    GRANT("grant roles on"),
    /**
     * Look at, make, change and try webhooks and channels of notifications, which send what happens here to other
     * places; backups; users and all tokens.
     */
    ADMINISTER("administer");

    private final String words;

    Action(String words) {
        this.words = words;
    }

    /** The action as a verb before its object, such as {@code look at}. */
    public String words() {
        return words;
    }

    /** The name that people write, such as {@code read}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The action of a label. */
    public static Optional<Action> find(String label) {
        return Arrays.stream(values())
                .filter(action -> action.label().equals(label))
                .findFirst();
    }

    /** The roles that allow this action, the narrowest first. */
    public List<Role> roles() {
        return Arrays.stream(Role.values()).filter(role -> role.allows(this)).toList();
    }
}
