package io.modelward.core.rollout;

/** What happens when a halt limit is crossed. */
public enum OnHalt {
    /** The step is held, with its split, until a person decides. */
    HOLD,
    /** The rollout is rolled back. */
    ROLLBACK;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
