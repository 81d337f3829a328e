package io.modelward.core.retention;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.SemVer;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a version that a plan decides on.
 *
 * @param id of the version among all versions of the server
 * @param bytes of all its files
 * @param aliases the names of the aliases that point to it
 * @param always the reasons that no rule takes away, but for those that the plan finds itself
 * @param parents the ids of the versions that it was made of, of any model
 * @param again whether it was made to reproduce another: then it takes no place among the last versions
 */
public record VersionFacts(
        long id,
        SemVer version,
        Instant publishedAt,
        long bytes,
        List<String> aliases,
        List<KeyValue> tags,
        List<KeepReason> always,
        List<Long> parents,
        boolean again) {

    /** A version that was not made to reproduce another. */
    public VersionFacts(
            long id,
            SemVer version,
            Instant publishedAt,
            long bytes,
            List<String> aliases,
            List<KeyValue> tags,
            List<KeepReason> always,
            List<Long> parents) {
        this(id, version, publishedAt, bytes, aliases, tags, always, parents, false);
    }
}
