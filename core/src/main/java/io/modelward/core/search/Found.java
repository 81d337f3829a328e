package io.modelward.core.search;

import java.util.List;
import java.util.Optional;

/**
 * A page of a search.
 *
 * @param cursors where a page that ended with the item would end, for each item
 * @param more whether there are more
 */
public record Found<T>(List<T> items, List<Cursor> cursors, boolean more) {

    /** Where the next page begins; empty after the last one. */
    public Optional<Cursor> next() {
        return more ? Optional.of(cursors.getLast()) : Optional.empty();
    }
}
