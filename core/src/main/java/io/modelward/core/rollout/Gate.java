package io.modelward.core.rollout;

/** What must be shown, beside time and traffic, before a rollout leaves a step. */
public enum Gate {
    /** No limit was crossed. */
    NO_HARM,
    /** It is proven that the candidate is not worse than the active version by more than a margin. */
    NON_INFERIOR,
    /** A person said yes. */
    APPROVAL;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
