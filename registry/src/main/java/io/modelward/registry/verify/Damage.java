package io.modelward.registry.verify;

import io.modelward.core.digest.Digest;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.ModelName;
import java.util.Optional;

/**
 * One thing that is not as it was written.
 *
 * @param model of the version that it belongs to; empty when it belongs to none
 * @param version as it stands in the catalog; empty when it belongs to none
 * @param path of a file: its path; of a version's manifest and card: {@code manifest} and {@code card}; else where it
 *     lies, in words
 * @param expected the digest of bytes; empty for what has none
 */
public record Damage(
        Kind kind, Optional<ModelName> model, String version, String path, Optional<Digest> expected, String what) {

    static final String OTHER_BYTES = "its bytes have another digest";
    static final String MISSING = "it is missing";

    /** What is damaged. */
    public enum Kind {
        /** A file, the manifest or the card of a version. */
        VERSION,
        /** A file of a run or of a logged model. */
        ARTIFACT,
        /** A row of the catalog. */
        ROW,
        /** A decision record. */
        RECORD
    }

    static Damage of(VersionSummary of, String path, Digest expected, String what) {
        return new Damage(
                Kind.VERSION, Optional.of(of.model()), of.version().toString(), path, Optional.of(expected), what);
    }

    static Damage artifact(String path, Optional<Digest> expected, String what) {
        return new Damage(Kind.ARTIFACT, Optional.empty(), "", path, expected, what);
    }

    static Damage row(String place, String what) {
        return new Damage(Kind.ROW, Optional.empty(), "", place, Optional.empty(), what);
    }

    static Damage record(int segment, int slot) {
        return slot < 0
                ? new Damage(
                        Kind.RECORD,
                        Optional.empty(),
                        "",
                        "segment " + segment,
                        Optional.empty(),
                        "its header is not as it was written")
                : new Damage(
                        Kind.RECORD,
                        Optional.empty(),
                        "",
                        "segment " + segment + ", slot " + slot,
                        Optional.empty(),
                        "its checksum does not fit its bytes");
    }
}
