package io.modelward.store.suite;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobStoreTest extends BlobStoreSuite {

    @TempDir
    Path directory;

    @Override
    protected BlobStore store() throws IOException {
        return new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory);
    }

    @Override
    protected void damage(Digest blob) throws IOException {
        Path file = directory
                .resolve("sha256")
                .resolve(blob.hex().substring(0, 2))
                .resolve(blob.hex().substring(2, 4))
                .resolve(blob.hex());
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(1000);
            int one = bytes.read();
            bytes.seek(1000);
            bytes.write(one ^ 1);
        }
    }
}
