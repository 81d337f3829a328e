package io.modelward.core.retention;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import java.util.Optional;

/**
 * A tag that keeps a version.
 *
 * @param value empty: the version is kept whatever the value of its tag is
 */
public record KeptTag(String key, Optional<String> value) {

    private static final int LONGEST = 500;

    /**
     * Reads {@code KEY} or {@code KEY=VALUE}.
     *
     * @throws ProblemException of kind INVALID that names keep_tags
     */
    public static KeptTag parse(String text) {
        int equals = text.indexOf('=');
        String key = equals < 0 ? text : text.substring(0, equals);
        if (key.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(
                    "keep_tags",
                    "A tag of keep_tags is KEY or KEY=VALUE, with 1 to " + LONGEST + " printable characters.");
        }
        return new KeptTag(key, equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1)));
    }

    public boolean matches(KeyValue tag) {
        return tag.key().equals(key) && value.map(tag.value()::equals).orElse(true);
    }

    /** As people write it. */
    @Override
    public String toString() {
        return key + value.map(text -> "=" + text).orElse("");
    }
}
