package io.modelward.core.rollout;

/** Why a rollout is held. */
public enum Hold {
    /** A person held it. */
    MANUAL,
    /** The halt limit on errors was crossed. */
    ERRORS,
    /** The halt limit on latency was crossed. */
    LATENCY,
    /** The step waits for a person's approval. */
    APPROVAL,
    /** The candidate got no requests; goes on by itself when it does. */
    NO_TRAFFIC,
    /** The step's time is over and nothing is decided. */
    INCONCLUSIVE,
    /** The active version fails too, so nothing can be said of the candidate. */
    SHARED_INCIDENT,
    /** The server died while the rollout was at work: what its last moments showed is not known. */
    RESTARTED;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Hold of(Guardrail guardrail) {
        return guardrail == Guardrail.ERRORS ? ERRORS : LATENCY;
    }
}
