package io.modelward.core.rollout;

/** What happens when a step's time is over and its traffic or gate is not. */
public enum OnInconclusive {
    /** The step is held until a person decides. */
    HOLD,
    /** The rollout is rolled back. */
    ROLLBACK,
    /** The rollout goes on; its record says that it did so without evidence. */
    PROMOTE;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
