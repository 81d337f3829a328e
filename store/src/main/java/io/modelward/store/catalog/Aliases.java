package io.modelward.store.catalog;

import io.modelward.core.version.ModelName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Aliases and every move they made. */
public interface Aliases {

    /**
     * One move of an alias.
     *
     * @param sequence 1, 2, 3 … per alias, also over deletions; compare-and-set compares it
     * @param ordinal the version it points to since, or empty when the alias was deleted
     */
    record Move(ModelName model, String alias, long sequence, OptionalLong ordinal, Change change) {}

    /** The newest move, also when it is a deletion. */
    Optional<Move> latest(ModelName model, String alias);

    /** All moves, newest first. */
    List<Move> history(ModelName model, String alias);

    /** The newest move of each alias that is not deleted, in the order of their names. */
    List<Move> list(ModelName model);

    void insert(Move move);
}
