package io.modelward.store.backup;

import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** How the files of a folder of backups lie on the disk: as they are, or sealed under a key. */
interface BackupCoding {

    /** As they are. */
    BackupCoding PLAIN = new BackupCoding() {
        @Override
        public DiskFile writing(DiskFile file, String name) {
            return file;
        }

        @Override
        public ReadableByteChannel reading(FileChannel file, String name) {
            return file;
        }

        @Override
        public long size(long content) {
            return content;
        }
    };

    /**
     * Takes content and writes to a new file what is to lie there; to be synced once, after all content.
     *
     * @param name that the file has in the folder; a sealed file opens under no other name
     */
    DiskFile writing(DiskFile file, String name) throws IOException;

    /**
     * Reads the content of a file; closing it closes the file.
     *
     * @throws SealBroken when the file is not as it was written
     */
    ReadableByteChannel reading(FileChannel file, String name) throws IOException;

    /** How many bytes a file of so much content takes. */
    long size(long content);
}
