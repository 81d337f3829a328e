package io.modelward.store.catalog;

import java.util.Optional;

/** Which registry a catalog belongs to. The data directory has the same name, so that a catalog never meets the files of another one. */
public interface RegistryName {

    Optional<String> find();

    /** Names the registry once and for ever. */
    void insert(String name);

    /** Whether the catalog has anything that somebody made. */
    boolean isEmpty();
}
