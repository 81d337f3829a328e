package io.modelward.core.access;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A set of actions with a name. A role is granted to a {@link Subject} on a {@link Scope}. The narrowest come first. */
public enum Role {
    /** Sends predictions, and nothing else. */
    PREDICTOR(Action.PREDICT),
    /** Looks at everything but the audit log and the records of predictions. */
    READER(Action.READ),
    /** Reads the audit log and the records of predictions; no files. */
    AUDITOR(Action.AUDIT),
    /** Makes versions and logs runs; never changes what is there. */
    PUBLISHER(Action.READ, Action.PUBLISH, Action.TRACK),
    /** Decides what serves: aliases, stages, flips, rollouts; describes models and versions. */
    RELEASER(Action.READ, Action.DESCRIBE, Action.RELEASE),
    /** Does everything with what the scope covers, deletes it, and grants roles on it. */
    OWNER(
            Action.READ,
            Action.PREDICT,
            Action.PUBLISH,
            Action.DESCRIBE,
            Action.TRACK,
            Action.RELEASE,
            Action.DELETE,
            Action.AUDIT,
            Action.GRANT),
    /** Does everything, on the whole server; the scope is always {@code *}. */
    ADMINISTRATOR(Action.values());

    @SuppressWarnings("ImmutableEnumChecker") // It is unmodifiable.
    private final Set<Action> actions;

    Role(Action... actions) {
        this.actions = Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(actions)));
    }

    public boolean allows(Action action) {
        return actions.contains(action);
    }

    /** Whether whoever has this role has all that the other role allows. */
    public boolean includes(Role other) {
        return actions.containsAll(other.actions);
    }

    /** The name that people write, such as {@code reader}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws ProblemException of kind INVALID when there is no such role */
    public static Role parse(String field, String label) {
        return Arrays.stream(values())
                .filter(role -> role.label().equals(label))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        field,
                        Quoted.of(label) + " is no role. Roles are: "
                                + Arrays.stream(values()).map(Role::label).collect(Collectors.joining(", ")) + "."));
    }
}
