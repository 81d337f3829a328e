package io.modelward.registry.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.registry.verify.Damage;
import io.modelward.registry.verify.RowVerifier;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.backup.HashingCopy;
import io.modelward.store.backup.SealBroken;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.catalog.sqlite.SqliteCatalogProvider;
import io.modelward.store.catalog.sqlite.SqliteSnapshot;
import io.modelward.store.disk.Disk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Proves that a backup would restore, without a server and without changing the backup: every file that it lists is
 * there and has its bytes, the catalog is sound and names no blob that is not listed, the audit log is whole, every
 * record of a prediction is as it was written.
 */
public final class BackupVerifier {

    static final String NO_SEAL = "it was changed, is cut off, or lies in the place of another file";
    private static final int SLICE = 500;

    private final Disk disk;
    private final Path scratch;

    /** @param scratch a folder for a copy of the catalog, which is opened there since opening may migrate it */
    public BackupVerifier(Disk disk, Path scratch) {
        this.disk = disk;
        this.scratch = scratch;
    }

    /** Hears how far it is: files of all files. */
    @FunctionalInterface
    public interface Watching {
        void at(long files, long all);
    }

    /** @throws ProblemException of kind REFUSED when a newer release made the backup */
    public BackupCheck verify(BackupFolder folder, String id, Watching watching) throws IOException {
        BackupCheck found = new BackupCheck();
        BackupManifest manifest = manifest(folder, id, found);
        if (manifest == null) {
            return found;
        }
        try {
            folder.files(manifest, file -> {
                file(folder, file, found);
                watching.at(found.files, manifest.files());
            });
        } catch (ProblemException damaged) {
            found.add("snapshots/" + id + "/files", damaged.problem().detail());
        }
        blobsBefore(folder, manifest, found, file -> file(folder, file, found));
        String catalog = "snapshots/" + id + "/catalog.sqlite";
        if (manifest.catalogInside() && Files.isRegularFile(folder.root().resolve(catalog))) {
            catalog(catalog, folder, manifest, found);
        } else if (manifest.catalogInside() && found.intact()) {
            found.add(catalog, "it is missing");
        }
        return found;
    }

    /**
     * Tells the blobs that a backup without its catalog restores though it does not list them: a copy of the database
     * that was made before it, and after the backup before it, may name them.
     */
    static void blobsBefore(BackupFolder folder, BackupManifest manifest, BackupCheck found, BackupFolder.EachFile each)
            throws IOException {
        Optional<String> id = folder.before(manifest);
        if (id.isEmpty()) {
            return;
        }
        try {
            BackupManifest before = folder.manifest(id.get());
            if (!before.catalogInside()) {
                folder.blobsOnlyIn(before, manifest, file -> {
                    // One that the server lacked then is named by no copy that is whole.
                    if (file.sha256().isPresent()) {
                        each.file(file);
                    }
                });
            }
        } catch (ProblemException damaged) {
            found.add("snapshots/" + id.get(), damaged.problem().detail());
        }
    }

    /** The manifest; null when it is damaged, which is noted then. */
    static @org.jspecify.annotations.Nullable BackupManifest manifest(BackupFolder folder, String id, BackupCheck found)
            throws IOException {
        try {
            BackupManifest manifest = folder.manifest(id);
            found.manifest = Optional.of(manifest);
            return manifest;
        } catch (ProblemException damaged) {
            if (damaged.problem().type() == io.modelward.core.problem.ProblemType.REFUSED) {
                throw damaged;
            }
            found.add("snapshots/" + id + "/manifest.json", damaged.problem().detail());
            return null;
        }
    }

    private void file(BackupFolder folder, BackupFile file, BackupCheck found) {
        if (file.sha256().isEmpty()) {
            found.add(file.path(), "it was damaged or missing in the server when the backup was made");
            return;
        }
        try {
            found.files++;
            HashingCopy.Copied there = folder.hash(file);
            found.bytes += there.size();
            if (!isSame(file, there)) {
                found.add(file.path(), otherBytes(file, there));
                return;
            }
            if (file.segment().isPresent()) {
                segment(folder, file, found);
            }
        } catch (NoSuchFileException missing) {
            found.add(file.path(), "it is missing");
        } catch (SealBroken changed) {
            found.add(file.path(), NO_SEAL);
        } catch (IOException unreadable) {
            found.add(file.path(), "it cannot be read");
        }
    }

    static boolean isSame(BackupFile file, HashingCopy.Copied there) {
        return there.size() == file.size()
                && file.sha256().filter(there.sha256()::equals).isPresent();
    }

    static String otherBytes(BackupFile file, HashingCopy.Copied there) {
        return there.size() == file.size()
                ? "its bytes have another digest"
                : "it has " + there.size() + " bytes instead of " + file.size();
    }

    private void segment(BackupFolder folder, BackupFile file, BackupCheck found) throws IOException {
        if (folder.isPlain()) {
            segment(folder.resolve(file), file, found);
            return;
        }
        Path copy = scratch.resolve("segment");
        try {
            HashingCopy.Copied _ = folder.copy(file, copy);
            segment(copy, file, found);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private void segment(Path path, BackupFile file, BackupCheck found) throws IOException {
        var check = SegmentCopy.check(disk, path, file.segment().orElseThrow());
        found.records += check.records();
        check.damaged()
                .forEach(slot -> found.add(
                        file.path(),
                        slot < 0
                                ? "its header is not as it was written"
                                : "the record in slot " + slot + " is not as it was written"));
    }

    /**
     * Checks the catalog of a backup.
     *
     * @throws ProblemException of kind REFUSED when a newer release made it
     */
    void catalog(String name, BackupFolder folder, BackupManifest manifest, BackupCheck found) throws IOException {
        Path copy = scratch.resolve("catalog.sqlite");
        try {
            HashingCopy.Copied _ = folder.copy(new BackupFile(Optional.empty(), 0, name), copy);
            Optional<String> broken = SqliteSnapshot.damage(copy);
            if (broken.isPresent()) {
                found.add(name, "SQLite finds it damaged: " + broken.get());
            } else {
                catalog(copy, name, folder, manifest, found);
            }
        } catch (SealBroken changed) {
            if (found.damaged().stream().noneMatch(one -> one.path().equals(name))) {
                found.add(name, NO_SEAL);
            }
        } finally {
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(scratch.resolve("catalog.sqlite" + end));
            }
        }
    }

    private static void catalog(Path copy, String name, BackupFolder folder, BackupManifest manifest, BackupCheck found)
            throws IOException {
        try (Catalog catalog = new SqliteCatalogProvider().open(CatalogSettings.of(copy), Failpoints.NONE)) {
            if (!catalog.read(tx -> tx.registryName().find()).equals(Optional.of(manifest.registry()))) {
                found.add(name, "it belongs to another registry");
            }
            named(catalog, name, folder, manifest, found);
            new RowVerifier(catalog).run(new RowVerifier.Found() {
                @Override
                public void rows(long rows, long unhashed) {
                    found.rows += rows;
                }

                @Override
                public void damaged(Damage damage) {
                    found.add(name, damage.path() + ": " + damage.what());
                }
            });
            long last = catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1, "")).stream()
                    .mapToLong(entry -> entry.sequence())
                    .findFirst()
                    .orElse(0);
            if (last
                    != manifest.audit().map(BackupManifest.AuditPoint::sequence).orElse(0L)) {
                found.add(name, "its audit log does not end where the manifest says");
            }
        } catch (StartRefused newer) {
            throw ProblemException.refused(
                    "directory", "The backup was made by a newer release of Modelward. Use that release.");
        } catch (ProblemException unreadable) {
            found.add(name, "it cannot be read as a catalog");
        } catch (RuntimeException unreadable) {
            found.add(name, "it cannot be read as a catalog");
        }
    }

    /** Both the list and the catalog have blobs in the order of their digests. */
    private static void named(
            Catalog catalog, String name, BackupFolder folder, BackupManifest manifest, BackupCheck found)
            throws IOException {
        Deque<Digest> named = new ArrayDeque<>(catalog.read(tx -> tx.blobs().named("", SLICE)));
        try {
            folder.files(manifest, file -> {
                Optional<Digest> blob = file.blob();
                if (blob.isEmpty()) {
                    return;
                }
                while (!named.isEmpty()
                        && named.getFirst().hex().compareTo(blob.get().hex()) <= 0) {
                    Digest one = named.removeFirst();
                    if (!one.equals(blob.get())) {
                        found.add(name, "it names the blob " + one + ", which is not listed");
                    }
                    if (named.isEmpty()) {
                        named.addAll(catalog.read(tx -> tx.blobs().named(one.toString(), SLICE)));
                    }
                }
            });
        } catch (ProblemException damaged) {
            // It is told where the list was read first.
            return;
        }
        named.forEach(one -> found.add(name, "it names the blob " + one + ", which is not listed"));
    }
}
