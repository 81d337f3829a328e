package io.modelward.core.evidence;

import java.util.Locale;

/**
 * What the evidence says of a candidate. That a candidate is harmless is never said here; see {@link NonInferiority}.
 */
public enum Verdict {
    UNDECIDED,
    /** It breaks its limit. */
    HARM;

    /** At this moment; {@link LimitProcess} remembers. */
    public static Verdict of(EProcess evidence, Limit limit) {
        return evidence.logRestart() >= limit.logThreshold() ? HARM : UNDECIDED;
    }

    /** The lower-case word that users read. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
