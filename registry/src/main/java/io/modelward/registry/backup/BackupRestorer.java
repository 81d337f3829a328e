package io.modelward.registry.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.backup.HashingCopy;
import io.modelward.store.backup.SealBroken;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes a data directory of a backup, without a server. Everything is written into a folder beside the wanted one,
 * hashed on its way and made durable; one rename at the end gives it its name. A restore that is killed leaves nothing
 * under the wanted name, and the next one removes what it left beside it.
 */
public final class BackupRestorer {

    /** A file that a folder has while a restore fills it, by which a later restore knows it. */
    private static final String MARK = "restoring";

    private final Disk disk;
    private final Path scratch;

    /** @param scratch as that of {@link BackupVerifier} */
    public BackupRestorer(Disk disk, Path scratch) {
        this.disk = disk;
        this.scratch = scratch;
    }

    /**
     * Restores.
     *
     * @param data the data directory to make: not there, or empty
     * @param damagedToo restores what is not damaged of a damaged backup
     * @return what was found; when it is not intact, nothing was made unless {@code damagedToo}
     * @throws ProblemException of kind REFUSED when the directory is not empty or in use, when a newer release made
     *     the backup, or when too much of it is damaged
     */
    public BackupCheck restore(
            BackupFolder folder, String id, Path data, boolean damagedToo, BackupVerifier.Watching watching)
            throws IOException {
        requireFree(data);
        Path parent = Objects.requireNonNull(data.getParent());
        if (BackupSettings.overlap(BackupSettings.real(data), BackupSettings.real(folder.root()))) {
            throw ProblemException.refused(
                    "to",
                    "The data directory lies within the folder of backups, or the other way"
                            + " round. Name one beside it.");
        }
        BackupCheck found = new BackupCheck();
        BackupManifest manifest = BackupVerifier.manifest(folder, id, found);
        if (manifest == null) {
            return found;
        }
        disk.createDirectories(parent);
        Path unfinished = parent.resolve(data.getFileName() + ".restoring");
        removeLeftOver(unfinished);
        try (DataDirectory made = DataDirectory.open(disk, unfinished)) {
            disk.create(unfinished.resolve(MARK)).close();
            made.nameRegistry(manifest.registry());
            if (!manifest.catalogInside()) {
                made.markCatalogElsewhere();
            }
            Set<Path> unsynced = new HashSet<>();
            try {
                folder.files(manifest, file -> {
                    copy(folder, file, unfinished, unsynced, found);
                    watching.at(found.files, manifest.files());
                });
            } catch (ProblemException damaged) {
                found.add("snapshots/" + id + "/files", damaged.problem().detail());
            }
            BackupVerifier.blobsBefore(
                    folder, manifest, found, file -> copy(folder, file, unfinished, unsynced, found));
            Path catalog = unfinished.resolve("catalog.sqlite");
            if (manifest.catalogInside()) {
                if (Files.exists(catalog)) {
                    new BackupVerifier(disk, scratch)
                            .catalog("snapshots/" + id + "/catalog.sqlite", folder, manifest, found);
                } else {
                    found.add(
                            "snapshots/" + id + "/catalog.sqlite", "it is missing or damaged, and nothing is restored");
                }
            }
            if (!found.intact() && (!damagedToo || (manifest.catalogInside() && !Files.exists(catalog)))) {
                BackupFolder.remove(unfinished);
                return found;
            }
            for (Path directory : unsynced) {
                disk.syncDirectory(directory);
            }
            disk.delete(unfinished.resolve(MARK));
            disk.syncDirectory(unfinished);
            requireFree(data);
            disk.rename(unfinished, data);
            disk.syncDirectory(parent);
            return found;
        } catch (IOException | RuntimeException failure) {
            if (!(failure instanceof StartRefused)) {
                BackupFolder.remove(unfinished);
            }
            throw failure;
        }
    }

    private static void requireFree(Path data) throws IOException {
        if (Files.isSymbolicLink(data)) {
            throw ProblemException.refused(
                    "to", "--to names a link. Name the data directory that is to be made, without a link.");
        }
        if (!Files.exists(data)) {
            return;
        }
        if (!Files.isDirectory(data)) {
            throw ProblemException.refused("to", "--to names a file. Name a data directory that is to be made.");
        }
        try (Stream<Path> there = Files.list(data)) {
            if (there.findAny().isPresent()) {
                throw ProblemException.refused(
                        "to",
                        "The data directory is not empty. Nothing is restored over what is there; name another one.");
            }
        }
    }

    /** What a killed restore left is removed, unless that restore goes on still. Nothing else ever is. */
    private void removeLeftOver(Path unfinished) throws IOException {
        if (!Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isLeftOver(unfinished)) {
            throw ProblemException.refused(
                    "to",
                    "Beside the data directory is something with its name and the end .restoring, which no restore"
                            + " left. Move that away, or name another data directory.");
        }
        DataDirectory.open(disk, unfinished).close();
        BackupFolder.remove(unfinished);
    }

    private static boolean isLeftOver(Path unfinished) throws IOException {
        if (!Files.isDirectory(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.exists(unfinished.resolve(MARK))) {
            return true;
        }
        // A restore that was killed before its first step has no more than a data directory begins with.
        try (Stream<Path> there = Files.list(unfinished)) {
            return there.map(path -> path.getFileName().toString())
                    .allMatch(name -> name.equals("lock") || name.equals("format") || name.equals("format.new"));
        }
    }

    private void copy(BackupFolder folder, BackupFile file, Path root, Set<Path> unsynced, BackupCheck found)
            throws IOException {
        if (file.sha256().isEmpty()) {
            found.add(file.path(), "it was damaged or missing in the server when the backup was made");
            return;
        }
        if (!Files.isRegularFile(folder.resolve(file))) {
            found.add(file.path(), "it is missing");
            return;
        }
        Path target = root.resolve(file.restoredPath());
        Path directory = Objects.requireNonNull(target.getParent());
        disk.createDirectories(directory);
        unsynced.add(directory);
        try {
            found.files++;
            HashingCopy.Copied copied = folder.copy(file, target);
            found.bytes += copied.size();
            if (BackupVerifier.isSame(file, copied)) {
                if (file.restoredPath().equals("secret-key")) {
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
                }
                return;
            }
            found.add(file.path(), BackupVerifier.otherBytes(file, copied));
        } catch (NoSuchFileException missing) {
            found.add(file.path(), "it is missing");
        } catch (SealBroken changed) {
            found.add(file.path(), BackupVerifier.NO_SEAL);
        }
        disk.delete(target);
    }
}
