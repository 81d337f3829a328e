package io.modelward.access.oidc;

/** A log-in did not succeed. */
public final class LogInFailed extends Exception {

    private final Kind kind;

    /** What the person is told; the log may know more. */
    public enum Kind {
        /** The log-in began too long ago, elsewhere, or was used already. */
        STALE,
        /** The provider did not let the person in, or the person did not want to. */
        REFUSED,
        /** The provider's answer does not prove who the person is. */
        UNPROVED,
        /** The provider cannot be reached. */
        AWAY
    }

    LogInFailed(Kind kind) {
        super(kind.name(), null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
