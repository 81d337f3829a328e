package io.modelward.core.model;

import io.modelward.core.audit.Change;
import io.modelward.core.version.ModelId;
import java.util.OptionalLong;

/**
 * One move of an alias.
 *
 * @param sequence 1, 2, 3 … per alias, also over deletions; compare-and-set compares it
 * @param ordinal the version that the alias points to since, or empty when the alias was deleted
 */
public record AliasMove(ModelId model, String alias, long sequence, OptionalLong ordinal, Change change) {

    /** Whether the alias is there after the move. */
    public boolean points() {
        return ordinal.isPresent();
    }
}
