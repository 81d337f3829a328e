package io.modelward.core.retention;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which versions of a model are kept. A version that any part of the rule keeps stays.
 *
 * @param keepLast how many of the highest versions by SemVer order are kept
 * @param perMajor whether so many are kept of each major number
 * @param deleteAfter a version that was published less than this ago is kept
 * @param keepTags a version that has one of these tags is kept
 */
public record RetentionRule(int keepLast, boolean perMajor, Duration deleteAfter, List<KeptTag> keepTags) {

    /** How many are kept when a rule does not say it. */
    public static final int KEEP_LAST = 10;

    /** The age when a rule does not say it. */
    public static final Duration DELETE_AFTER = Duration.ofDays(365);

    private static final int MOST_KEPT = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final int MOST_TAGS = 20;

    public RetentionRule {
        keepTags = List.copyOf(keepTags);
        if (keepLast < 0 || keepLast > MOST_KEPT) {
            throw ProblemException.invalid("keep_last", "keep_last is a whole number from 0 to " + MOST_KEPT + ".");
        }
        if (deleteAfter.isNegative() || deleteAfter.compareTo(LONGEST) > 0) {
            throw ProblemException.invalid("delete_after", "delete_after is 0d to 36500d.");
        }
        if (keepTags.size() > MOST_TAGS) {
            throw ProblemException.invalid("keep_tags", "keep_tags has at most " + MOST_TAGS + " tags.");
        }
    }

    /** As JSON: {@code {"keep_last": 10, "per_major": false, "delete_after": "365d", "keep_tags": ["KEY=VALUE"]}}. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("keep_last", keepLast)
                .put("per_major", perMajor)
                .put("delete_after", deleteAfter.isZero() ? "0d" : Durations.write(deleteAfter));
        var tags = json.putArray("keep_tags");
        keepTags.forEach(tag -> tags.add(tag.toString()));
        return json;
    }

    /** Reads what {@link #toJson} wrote. */
    public static RetentionRule fromJson(JsonNode json) {
        return new RetentionRule(
                json.path("keep_last").intValue(KEEP_LAST),
                json.path("per_major").booleanValue(false),
                Durations.parse(json.path("delete_after").stringValue("365d"), "delete_after"),
                json.path("keep_tags")
                        .valueStream()
                        .map(tag -> KeptTag.parse(tag.stringValue("")))
                        .toList());
    }
}
