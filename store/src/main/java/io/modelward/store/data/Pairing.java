package io.modelward.store.data;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * Holds a catalog to its data directory. A sweep removes the blobs that the catalog does not name, so that a catalog
 * beside the blobs of another registry, a copy that is not finished, or an old catalog that was moved away would remove
 * blobs that are needed. Catalog and directory have the name of the registry, which is made at the first start; a copy
 * is marked until it is whole; a directory is marked when its catalog is elsewhere.
 */
public final class Pairing {

    private Pairing() {}

    /**
     * Looks whether catalog and directory belong together, and names what is new.
     *
     * @param inside whether the catalog is a file of the directory
     * @throws StartRefused when they do not belong together
     */
    public static void require(DataDirectory data, Catalog catalog, boolean inside) throws IOException {
        Optional<String> ofData = data.registry();
        Optional<String> ofCatalog = catalog.read(tx -> tx.registryName().find());
        if (catalog.read(tx -> tx.registryName().isCopying())) {
            throw new StartRefused("The catalog is the copy of a registry, and the copy is not finished. Give modelward"
                    + " migrate again.");
        }
        if (inside && data.isCatalogElsewhere()) {
            throw new StartRefused("The catalog of the registry in " + data
                    + " was moved to a database. Name the configuration with --config. To go back to"
                    + " catalog.sqlite, and to lose what"
                    + " was changed since, remove the file catalog-elsewhere.");
        }
        if (ofData.isPresent() && ofCatalog.isPresent() && !ofData.equals(ofCatalog)) {
            throw new StartRefused("The catalog and the data directory " + data
                    + " belong to different registries. Correct data.directory or catalog.url.");
        }
        if (ofCatalog.isPresent() && ofData.isEmpty() && !inside) {
            throw new StartRefused("The catalog belongs to a registry whose files are not in the data directory " + data
                    + ". Name the directory of that registry, or restore a backup of it with its file registry.");
        }
        if (ofCatalog.isEmpty() && !inside && data.holdsContent()) {
            throw new StartRefused("The catalog is new, but the data directory " + data
                    + " holds the files of a registry. Move that registry with modelward migrate, or name"
                    + " an empty directory.");
        }
        if (ofCatalog.isEmpty()
                && ofData.isPresent()
                && data.holdsBlobs()
                && catalog.read(tx -> tx.registryName().isEmpty())) {
            throw new StartRefused("The data directory " + data
                    + " holds the files of a registry, and its catalog.sqlite is gone or empty. Restore"
                    + " catalog.sqlite from a backup.");
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
        if (!inside) {
            data.markCatalogElsewhere();
        }
    }

    /**
     * Begins to move a registry, or goes on with it. Nothing is written when it may not begin.
     *
     * @param from the directory of the source, with its catalog
     * @param to the directory of the target, which may be the same, with its catalog
     * @return whether there is anything to do; not when the registry was moved before
     * @throws StartRefused when the target holds anything else
     */
    public static boolean begin(DataDirectory from, Catalog source, DataDirectory to, Catalog target)
            throws IOException {
        String name = name(from, source);
        Optional<String> ofTarget = target.read(tx -> tx.registryName().find());
        if (ofTarget.isPresent()
                ? !ofTarget.get().equals(name)
                : !target.read(tx -> tx.registryName().isEmpty())) {
            throw new StartRefused(
                    "The catalog of the configuration holds another registry. Name an empty database in catalog.url.");
        }
        Optional<String> ofFiles = to.registry();
        if (from != to && (ofFiles.isPresent() ? !ofFiles.get().equals(name) : to.holdsContent())) {
            throw new StartRefused(
                    "The data directory " + to + " holds another registry. Name an empty one in data.directory.");
        }
        if (ofTarget.isPresent() && !target.read(tx -> tx.registryName().isCopying())) {
            if (ofFiles.isEmpty()) {
                throw new StartRefused("The registry was moved before, with its files to another directory than " + to
                        + ". Name that one in data.directory, or an empty database in catalog.url.");
            }
            return false;
        }
        if (from != to && ofFiles.isEmpty()) {
            to.nameRegistry(name);
        }
        if (ofTarget.isEmpty()) {
            target.write(tx -> {
                tx.registryName().beginCopy(name);
                return true;
            });
        }
        return true;
    }

    /** The move is done: servers may open the target. */
    public static void end(DataDirectory data, Catalog target) throws IOException {
        if (data.registry().isEmpty()) {
            data.nameRegistry(target.read(tx -> tx.registryName().find()).orElseThrow());
        }
        target.write(tx -> {
            tx.registryName().endCopy();
            return true;
        });
    }

    /**
     * A registry that was never started with this release and has no audit entry is named by its place, the same at
     * each try.
     */
    private static String name(DataDirectory from, Catalog source) throws IOException {
        Optional<String> known = source.read(tx -> tx.registryName().find());
        if (known.isPresent()) {
            return known.get();
        }
        return from.registry()
                .orElseGet(() -> "from-"
                        + Digest.of(from.toString().getBytes(StandardCharsets.UTF_8))
                                .hex());
    }
}
