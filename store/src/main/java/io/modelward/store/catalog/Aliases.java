package io.modelward.store.catalog;

import io.modelward.core.model.AliasMove;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.version.ModelId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Aliases and every move they made. */
public interface Aliases {

    /** The newest move, also when it is a deletion. */
    Optional<AliasMove> latest(ModelId model, String alias);

    /** All moves, newest first. */
    List<AliasMove> history(ModelId model, String alias);

    /** The aliases that are there, in the order of their names. */
    List<ModelAlias> list(ModelId model);

    /** Of many versions the names of the aliases that point to each. */
    Map<Long, List<String>> of(Collection<Long> versions);

    /** The names of the aliases that point to a version, in order. */
    List<String> of(ModelId model, long ordinal);

    void insert(AliasMove move);
}
