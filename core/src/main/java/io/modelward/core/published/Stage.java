package io.modelward.core.published;

import java.util.List;
import java.util.Optional;

/**
 * How far a version is on its way, as older clients say it; several versions may be in one stage. Routes do not look at
 * it.
 */
public enum Stage {
    NONE("None"),
    STAGING("Staging"),
    PRODUCTION("Production"),
    ARCHIVED("Archived");

    public static final List<Stage> ALL = List.of(values());

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** As clients write it. */
    public String label() {
        return label;
    }

    /** Whether those that were in it before may be archived when a version enters it. */
    public boolean active() {
        return this == STAGING || this == PRODUCTION;
    }

    public static Optional<Stage> find(String text) {
        return ALL.stream().filter(stage -> stage.label.equalsIgnoreCase(text)).findFirst();
    }
}
