package io.modelward.store.catalog;

import io.modelward.core.access.Reach;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Models: identities that have a name for a while. Deleted models are kept, since stored predictions refer to them. */
public interface Models {

    /** The model that has this name now. */
    Optional<RegisteredModel> find(ModelName model);

    /** Of the deleted models that had this name when they were deleted, the one that was deleted last. */
    Optional<RegisteredModel> findDeleted(ModelName model);

    /** The model of this identity, a deleted one too. */
    Optional<RegisteredModel> find(ModelId id);

    /**
     * A model whose name people would take for this one: a name with the same key, or with the same skeleton. A name
     * with the same key comes first.
     *
     * @param except the model that is to get the name, which is not looked at; {@link ModelId#UNKNOWN}: there is none
     */
    Optional<RegisteredModel> findColliding(ModelName model, ModelId except);

    /** A namespace with models that people would take for this one; empty also when this very one has models. */
    Optional<String> findCollidingNamespace(String namespace);

    RegisteredModel insert(ModelName model, String description, Instant createdAt);

    /** Keeps name, description, time of change and deletion. */
    void update(RegisteredModel model);

    /** The next ordinal of the model: gap-free and never reused, because it is taken in the publishing transaction. */
    long takeOrdinal(ModelId id, Instant at);

    /** Models that are there with a key above {@code after} in the order of their names, at most {@code limit}. */
    default List<RegisteredModel> list(String after, int limit) {
        return list(after, limit, Reach.EVERYTHING);
    }

    /** As above, of those within reach. */
    List<RegisteredModel> list(String after, int limit, Reach reach);

    /**
     * Models that are there, those that changed last first, after the model of this change and id in that order.
     *
     * @param changed the time of change of the last model of the page before; {@link java.time.Instant#MAX}: from the
     *     beginning
     */
    List<RegisteredModel> listByChange(Instant changed, ModelId id, int limit, Reach reach);

    /** Searches the models of the one namespace that MLflow's clients know. */
    Found<RegisteredModel> search(Search search);
}
