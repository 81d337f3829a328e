package io.modelward.registry.publish;

import io.modelward.core.published.VersionSummary;
import java.util.Optional;

/**
 * What a door's protocol keeps on a logged model of the versions that are made of it: a tag, written in the transaction
 * that makes the version.
 */
public interface ModelNote {

    /** Keeps nothing. */
    ModelNote NONE = new ModelNote() {
        @Override
        public String key() {
            return "";
        }

        @Override
        public Optional<String> next(Optional<String> present, VersionSummary version) {
            return Optional.empty();
        }
    };

    /** The key of the tag. */
    String key();

    /**
     * The value of the tag from now on; empty: the tag stays as it is.
     *
     * @param present the value so far
     */
    Optional<String> next(Optional<String> present, VersionSummary version);
}
