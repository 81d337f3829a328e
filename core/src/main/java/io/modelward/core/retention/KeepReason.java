package io.modelward.core.retention;

import java.util.Locale;

/**
 * Why a version stays.
 *
 * @param detail what keeps it: the alias, the endpoint, the reason of a hold; may be empty
 */
public record KeepReason(Why why, String detail) {

    /** The kinds of reasons. */
    public enum Why {
        /** It is among the last versions that the rule keeps. */
        LAST("among the last", false),
        /** It is younger than the rule's age. */
        YOUNG("young", false),
        /** It has a tag that the rule keeps. */
        TAG("tag", false),
        /** An alias points to it. */
        ALIAS("alias", false),
        /** A person holds it. */
        HELD("held", true),
        /** An endpoint serves or served it. */
        LIVE("live on endpoint", true),
        /** A rollout refers to it. */
        ROLLOUT("rollout on endpoint", true),
        /** It was rolled back from an endpoint. */
        QUARANTINE("quarantined on endpoint", true),
        /** A version that stays was made of it. */
        PARENT("base of", true),
        /** A draft that is open refers to it. */
        DRAFT("open draft", true),
        /** A run that is under way logs to it, or makes it once more. */
        RUN("run under way", true),
        /** It is the highest version that the model has. */
        HIGHEST("highest version", true),
        /** Another part of the server uses it. */
        USED("in use", true);

        private final String words;
        private final boolean always;

        Why(String words, boolean always) {
            this.words = words;
            this.always = always;
        }

        /** The word on the wire. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether no rule takes away what it keeps. */
        public boolean always() {
            return always;
        }
    }

    /** In words, such as {@code live on endpoint fraud}. */
    public String words() {
        return detail.isEmpty() ? why.words : why.words + " " + detail;
    }
}
