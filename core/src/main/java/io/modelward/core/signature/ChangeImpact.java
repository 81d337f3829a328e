package io.modelward.core.signature;

import java.util.Locale;

/** What a change of signature means for those who rely on the old one. */
public enum ChangeImpact {
    COMPATIBLE,
    BREAKING,
    /** Cannot be decided by looking at the two; counts as breaking unless someone answers for it. */
    UNKNOWN;

    /** The lower-case word that users read. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
