package io.modelward.access.oidc;

/** A signed token proves nothing. The reason is for the log only: a caller is told one text for all reasons. */
final class TokenRefused extends Exception {

    private final String why;
    private final boolean away;

    private TokenRefused(String why, boolean away) {
        super(why, null, false, false);
        this.why = why;
        this.away = away;
    }

    /** @param why in words that hold nothing of the token */
    static TokenRefused because(String why) {
        return new TokenRefused(why, false);
    }

    /** The keys that could tell are not here and cannot be fetched now. */
    static TokenRefused keysAway() {
        return new TokenRefused("the issuer's keys cannot be fetched", true);
    }

    String why() {
        return why;
    }

    /** Whether the same token may be good a little later. */
    boolean away() {
        return away;
    }
}
