package io.modelward.registry.version;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads versions for the server itself, to run them and to name the version that answered. It asks for no permission; a
 * service that shows the result to a caller asks.
 */
public final class VersionLookup {

    private final Catalog catalog;
    private final BlobStore blobs;

    public VersionLookup(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
    }

    /** The version behind a stored reference, also when the version or its model was deleted or renamed since. */
    public VersionService.VersionWithProvenance kept(ModelId id, ModelName name, SemVer version) {
        return catalog.read(tx -> VersionService.view(tx, VersionResolver.kept(tx, id, name, version)));
    }

    /** The name that each of these models has now, or had when it was deleted. */
    public Map<ModelId, ModelName> names(Collection<ModelId> ids) {
        return catalog.read(tx -> {
            Map<ModelId, ModelName> names = new HashMap<>();
            ids.forEach(id -> tx.models().find(id).ifPresent(row -> names.put(id, row.name())));
            return names;
        });
    }

    /** Opens a file's bytes as they are stored, for whoever hashes them. */
    public InputStream open(FileEntry file) throws IOException {
        return blobs.read(file.sha256());
    }
}
