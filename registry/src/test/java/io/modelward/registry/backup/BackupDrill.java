package io.modelward.registry.backup;

import io.modelward.core.backup.BackupKey;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a folder of backups share: registries, and looks into the folder. */
abstract class BackupDrill {

    @TempDir
    Path directory;

    Optional<BackupKey> key = Optional.empty();

    private final List<BackupPlace> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (BackupPlace one : List.copyOf(opened).reversed()) {
            one.close();
        }
    }

    BackupPlace place(String name, Failpoints failpoints) throws Exception {
        BackupPlace place = new BackupPlace(directory.resolve(name), backupFolder(), 1, failpoints);
        opened.add(place);
        return place;
    }

    Path backupFolder() {
        return directory.resolve("backups");
    }

    BackupFolder folder() throws IOException {
        return BackupFolder.open(new LocalDisk(Failpoints.NONE), backupFolder(), key);
    }

    private Path scratch() throws IOException {
        return Files.createTempDirectory(directory, "scratch");
    }

    BackupCheck verify(String id) throws IOException {
        return new BackupVerifier(new LocalDisk(Failpoints.NONE), scratch()).verify(folder(), id, (done, all) -> {});
    }

    BackupCheck verifyNewest() throws IOException {
        return verify(folder().find(Optional.empty()));
    }

    BackupCheck restore(String id, String name) throws IOException {
        return new BackupRestorer(new LocalDisk(Failpoints.NONE), scratch())
                .restore(folder(), id, directory.resolve(name), false, (done, all) -> {});
    }

    BackupCheck restoreNewest(String name) throws IOException {
        return restore(folder().find(Optional.empty()), name);
    }

    /** The only file of a folder whose name begins so. */
    static Path file(Path below, String start) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            List<Path> found = files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(start))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found);
            }
            return found.getFirst();
        }
    }

    static void flip(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[Math.floorMod(at, content.length)] ^= 1;
        Files.write(file, content);
    }
}
