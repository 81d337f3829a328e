package io.modelward.store.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Experiments: what runs are grouped by. Times are milliseconds. */
public interface Experiments {

    /**
     * An experiment.
     *
     * @param id 0, 1, 2 … without a gap; 0 is always there
     * @param artifactLocation where the files of its runs are
     * @param deletedAt when it was deleted; empty: it is active
     */
    record Row(long id, String name, String artifactLocation, long createdAt, long updatedAt, OptionalLong deletedAt) {

        public boolean active() {
            return deletedAt.isEmpty();
        }
    }

    /** The id that the next experiment gets. */
    long nextId();

    void insert(Row row);

    Optional<Row> find(long id);

    /** By its exact name, deleted ones too. */
    Optional<Row> findByName(String name);

    /** Keeps name, time of change and deletion. */
    void update(Row row);

    Found<Row> search(Search search);

    void setTag(long experiment, String key, String value);

    /** Answers whether it was there. */
    boolean deleteTag(long experiment, String key);

    /** The tags of each, in the order of their keys. */
    Map<Long, List<Entry>> tags(Collection<Long> experiments);
}
