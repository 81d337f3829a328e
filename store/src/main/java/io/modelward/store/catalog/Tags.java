package io.modelward.store.catalog;

import io.modelward.core.tracking.KeyValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keys and values that people put on models, or on versions; the owner is their id. */
public interface Tags {

    void set(long owner, KeyValue tag);

    /** Answers whether it was there. */
    boolean delete(long owner, String key);

    /** The tags of each, in the order of their keys. */
    Map<Long, List<KeyValue>> of(Collection<Long> owners);
}
