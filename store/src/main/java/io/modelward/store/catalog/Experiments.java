package io.modelward.store.catalog;

import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments, which group runs. Times are milliseconds. */
public interface Experiments {

    /** The id that the next experiment gets. */
    long nextId();

    void insert(Experiment experiment);

    Optional<Experiment> find(long id);

    /** By its exact name, deleted ones too. */
    Optional<Experiment> findByName(String name);

    /** Keeps name, time of change and deletion. */
    void update(Experiment experiment);

    Found<Experiment> search(Search search);

    void setTag(long experiment, String key, String value);

    /** Answers whether it was there. */
    boolean deleteTag(long experiment, String key);

    /** The tags of each, in the order of their keys. */
    Map<Long, List<KeyValue>> tags(Collection<Long> experiments);
}
