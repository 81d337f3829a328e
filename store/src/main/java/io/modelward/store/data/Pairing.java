package io.modelward.store.data;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Holds a catalog to its data directory. A sweep removes the blobs that the catalog does not name, so that a catalog beside the blobs of
 * another registry would remove all of them. Both have the name of the registry, which is made at the first start.
 */
public final class Pairing {

    private Pairing() {}

    /**
     * Looks whether catalog and directory belong together, and names what is new.
     *
     * @param inside whether the catalog is a file of the directory, so that the two cannot be parted
     * @throws StartRefused when they do not belong together
     */
    public static void require(DataDirectory data, Catalog catalog, boolean inside) throws IOException {
        Optional<String> ofData = data.registry();
        Optional<String> ofCatalog = catalog.read(tx -> tx.registryName().find());
        if (ofData.isPresent() && ofCatalog.isPresent()) {
            if (!ofData.equals(ofCatalog)) {
                throw new StartRefused("The catalog and the data directory " + data
                        + " belong to different registries. Correct data.directory or catalog.url.");
            }
            return;
        }
        if (!inside && ofCatalog.isPresent()) {
            throw new StartRefused("The catalog belongs to a registry whose files are not in the data directory " + data
                    + ". Name the directory of that registry, or restore a backup of it with its file registry.");
        }
        if (!inside && data.holdsContent()) {
            throw new StartRefused(
                    "The catalog is new, but the data directory " + data
                            + " holds the files of a registry. Move that registry with modelward migrate, or name an empty directory.");
        }
        String name =
                ofData.or(() -> ofCatalog).orElseGet(() -> UUID.randomUUID().toString());
        if (ofData.isEmpty()) {
            data.nameRegistry(name);
        }
        if (ofCatalog.isEmpty()) {
            catalog.write(tx -> {
                tx.registryName().insert(name);
                return true;
            });
        }
    }

    /**
     * Looks whether a catalog may become the copy of another one: it is new, or an earlier try began to fill it.
     *
     * @throws StartRefused when it holds something else
     */
    public static void requireSame(Catalog source, Catalog target) {
        Optional<String> from = source.read(tx -> tx.registryName().find());
        Optional<String> to = target.read(tx -> tx.registryName().find());
        boolean empty = target.read(tx -> tx.registryName().isEmpty());
        if (to.isPresent() ? !to.equals(from) : !empty) {
            throw new StartRefused(
                    "The catalog of the configuration holds another registry. Name an empty database in catalog.url.");
        }
    }

    /** Names the directory as its catalog is named. */
    public static void adopt(DataDirectory data, Catalog catalog) throws IOException {
        Optional<String> ofData = data.registry();
        Optional<String> ofCatalog = catalog.read(tx -> tx.registryName().find());
        String name =
                ofCatalog.or(() -> ofData).orElseGet(() -> UUID.randomUUID().toString());
        if (ofData.isPresent() && !ofData.get().equals(name)) {
            throw new StartRefused("The data directory " + data + " belongs to another registry. Name an empty one.");
        }
        if (ofCatalog.isEmpty()) {
            catalog.write(tx -> {
                tx.registryName().insert(name);
                return true;
            });
        }
        if (ofData.isEmpty()) {
            data.nameRegistry(name);
        }
    }
}
