package io.modelward.store.blob;

import io.modelward.core.settings.Configuration;

/** Blobs as files in the data directory. */
public final class DiskBlobStoreProvider implements BlobStoreProvider {

    @Override
    public String type() {
        return "disk";
    }

    @Override
    public Opening read(Configuration configuration) {
        return DiskBlobStore::new;
    }
}
