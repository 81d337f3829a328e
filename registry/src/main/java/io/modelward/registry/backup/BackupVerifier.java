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
        Path catalog = folder.root().resolve("snapshots").resolve(id).resolve("catalog.sqlite");
        if (manifest.catalogInside() && Files.isRegularFile(catalog)) {
            catalog(catalog, "snapshots/" + id + "/catalog.sqlite", folder, manifest, found);
        } else if (manifest.catalogInside() && found.intact()) {
            found.add("snapshots/" + id + "/catalog.sqlite", "it is missing");
        }
        return found;
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
            HashingCopy.Copied there = HashingCopy.hash(disk, folder.resolve(file));
            found.bytes += there.size();
            if (!isSame(file, there)) {
                found.add(file.path(), otherBytes(file, there));
                return;
            }
            if (file.segment().isPresent()) {
                segment(folder.resolve(file), file, found);
            }
        } catch (NoSuchFileException missing) {
            found.add(file.path(), "it is missing");
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

    void segment(Path path, BackupFile file, BackupCheck found) throws IOException {
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
    void catalog(Path file, String name, BackupFolder folder, BackupManifest manifest, BackupCheck found)
            throws IOException {
        Optional<String> broken = SqliteSnapshot.damage(file);
        if (broken.isPresent()) {
            found.add(name, "SQLite finds it damaged: " + broken.get());
            return;
        }
        Path copy = scratch.resolve("catalog.sqlite");
        Files.copy(file, copy);
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
        } finally {
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(scratch.resolve("catalog.sqlite" + end));
            }
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
