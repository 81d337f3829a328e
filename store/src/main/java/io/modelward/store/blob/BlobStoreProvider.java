package io.modelward.store.blob;

import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** Opens blob stores of one kind, which {@code blobs.type} names. */
public interface BlobStoreProvider extends Providers.Provider {

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** What was configured, ready to be opened. */
    interface Opening {
        /** @param directory for what lies on this machine */
        BlobStore open(Disk disk, Path directory) throws IOException;
    }
}
