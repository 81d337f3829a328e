package io.modelward.store.catalog;

import java.util.Optional;

/**
 * Which registry a catalog belongs to. The data directory has the same name, so that a catalog never meets the files of
 * another one. A copy that is not finished has the name, too, and is marked.
 */
public interface RegistryName {

    Optional<String> find();

    /** Whether the catalog is a copy that is not finished. */
    boolean isCopying();

    /** Names the registry once and for ever. */
    void insert(String name);

    /** Names a copy that is not finished. */
    void beginCopy(String name);

    /** The copy is whole. */
    void endCopy();

    /** Whether the catalog has nothing that somebody made. */
    boolean isEmpty();
}
