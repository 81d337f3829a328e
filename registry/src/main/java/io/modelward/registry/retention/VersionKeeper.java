package io.modelward.registry.retention;

import io.modelward.core.version.ModelId;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Map;

/** By this a part of the server keeps the versions that it uses from being deleted by rules. */
@FunctionalInterface
public interface VersionKeeper {

    /** Which versions of a model are in use, each with a few words on by what; within the caller's transaction. */
    Map<Long, String> kept(CatalogTransaction tx, ModelId model);
}
