package io.modelward.core.evidence;

import java.util.Locale;

/**
 * The result of the evidence about a candidate. No verdict says that a candidate is harmless; see
 * {@link NonInferiority}.
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
