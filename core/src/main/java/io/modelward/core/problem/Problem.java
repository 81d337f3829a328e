package io.modelward.core.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What went wrong, in words for the person who has to act on it. Never holds a path of this machine, a stack trace, SQL
 * or the caller's data.
 *
 * @param type the stable kind
 * @param detail one or two sentences: what is wrong and what to do next
 * @param field the name of the offending field as the caller wrote it, for example {@code performance.accuracy}
 * @param extra further members, each a JSON value (String, Number, Boolean, List, Map), in the order to show them
 */
public record Problem(ProblemType type, String detail, Optional<String> field, Map<String, Object> extra) {

    public Problem {
        extra = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), Map.of());
    }

    public static Problem field(ProblemType type, String field, String detail) {
        return new Problem(type, detail, Optional.of(field), Map.of());
    }

    /** This problem with one more member. */
    public Problem with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extra);
        more.put(key, value);
        return new Problem(type, detail, field, more);
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }
}
