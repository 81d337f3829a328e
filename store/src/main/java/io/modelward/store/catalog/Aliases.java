package io.modelward.store.catalog;

import io.modelward.core.audit.Change;
import io.modelward.core.version.ModelId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    record Move(ModelId model, String alias, long sequence, OptionalLong ordinal, Change change) {}

    /** An alias that is there, and where it points. */
    record Pointer(String alias, long ordinal) {}

    /** The newest move, also when it is a deletion. */
    Optional<Move> latest(ModelId model, String alias);

    /** All moves, newest first. */
    List<Move> history(ModelId model, String alias);

    /** The aliases that are there, in the order of their names. */
    List<Pointer> list(ModelId model);

    /** Of many versions the names of the aliases that point to each. */
    Map<Long, List<String>> of(Collection<Long> versions);

    /** The names of the aliases that point to a version, in order. */
    List<String> of(ModelId model, long ordinal);

    void insert(Move move);
}
