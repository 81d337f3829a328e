package io.modelward.registry.backup;

import io.modelward.registry.Housekeeping;
import io.modelward.store.assembly.Storage;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What backups are made of.
 *
 * @param disk that they are written with
 * @param storage of the server
 * @param directory the data directory
 * @param catalogInside whether the catalog is the file catalog.sqlite of the data directory
 * @param housekeeping held off while a backup copies blobs
 * @param release of the server
 */
public record BackupSource(
        Disk disk, Storage storage, Path directory, boolean catalogInside, Housekeeping housekeeping, String release) {

    Path catalog() {
        return directory.resolve("catalog.sqlite");
    }

    Path blobs() {
        return directory.resolve("blobs");
    }

    Path predictions() {
        return directory.resolve("predictions");
    }

    Path secretKey() {
        return directory.resolve("secret-key");
    }

    /** Where the copy of the catalog lies in clear while it is encrypted. */
    Path scratch() {
        return directory.resolve("backing-up");
    }

    /** Removes such a copy; also one that a killed server left. */
    static void remove(Path scratch) throws IOException {
        BackupFolder.remove(scratch);
    }
}
