package io.modelward.store.catalog;

import io.modelward.core.version.ModelName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The models' names. */
public interface Models {

    /**
     * A model.
     *
     * @param lastOrdinal the ordinal of the version published last; 0 before the first
     */
    record Row(ModelName model, Instant createdAt, long lastOrdinal) {}

    Optional<Row> find(ModelName model);

    /** The model whose name differs at most in case. */
    Optional<Row> findColliding(ModelName model);

    void insert(ModelName model, Instant createdAt);

    /** The next ordinal of the model: gap-free and never reused, because it is taken in the publishing transaction. */
    long takeOrdinal(ModelName model);

    /** Models with a key above {@code after} in the order of their names, at most {@code limit}. */
    List<Row> list(String after, int limit);
}
