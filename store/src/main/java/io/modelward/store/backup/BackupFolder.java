package io.modelward.store.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupKey;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with the backups of one registry. They share blobs and full segments, so that each takes only the room of
 * what is new.
 *
 * <pre>
 *   backup.json                     format, name of the registry, release; how to tell the key of encrypted backups
 *   lock                            held by the server that makes a backup
 *   blobs/sha256/ab/cd/&lt;hex&gt;        content, as in a data directory
 *   predictions/segment-N           segments that take no more records
 *   snapshots/ID/manifest.json      what the backup holds
 *   snapshots/ID/files              every file of it, with SHA-256 and size
 *   snapshots/ID/catalog.sqlite, secret-key, segment-N
 *   incoming/                       what is not whole; removed by the next backup
 * </pre>
 *
 * In a folder of encrypted backups every file but backup.json and lock is sealed under one key.
 */
public final class BackupFolder {

    static final String MANIFEST = "manifest.json";
    static final String LIST = "files";
    private static final int LARGEST_DOCUMENT = 1 << 20;

    private final Disk disk;
    private final Path root;
    private final String registry;
    private final Optional<BackupCoding> coding;

    private BackupFolder(Disk disk, Path root, String registry, Optional<BackupCoding> coding) {
        this.disk = disk;
        this.root = root;
        this.registry = registry;
        this.coding = coding;
    }

    /** Takes the files of a list, one by one. */
    @FunctionalInterface
    public interface EachFile {
        void file(BackupFile file) throws IOException;
    }

    /**
     * Opens a folder that has backups, and changes nothing in it.
     *
     * @param key of encrypted backups
     * @throws ProblemException of kind REFUSED when it holds none, or those of a newer release; when the key is not
     *     that of the folder, is missing, or is given for backups that are not encrypted
     */
    public static BackupFolder open(Disk disk, Path root, Optional<BackupKey> key) throws IOException {
        BackupHeader header = BackupHeader.read(root);
        return new BackupFolder(disk, root, header.registry(), Optional.of(header.coding(key)));
    }

    /** As {@link #open}, but the key may be missing: then only the names of encrypted backups are known. */
    public static BackupFolder look(Disk disk, Path root, Optional<BackupKey> key) throws IOException {
        BackupHeader header = BackupHeader.read(root);
        return header.sealing().isPresent() && key.isEmpty()
                ? new BackupFolder(disk, root, header.registry(), Optional.empty())
                : open(disk, root, key);
    }

    static byte[] document(Path file) throws IOException {
        if (Files.size(file) > LARGEST_DOCUMENT) {
            throw ProblemException.invalid(String.valueOf(file.getFileName()), "The file is too large to be read.");
        }
        return Files.readAllBytes(file);
    }

    /** The name of the registry whose backups these are. */
    public String registry() {
        return registry;
    }

    public Path root() {
        return root;
    }

    /** Whether the backups are encrypted and their key is not known. */
    public boolean isLocked() {
        return coding.isEmpty();
    }

    BackupCoding coding() {
        return coding.orElseThrow(() -> ProblemException.refused(
                "key_file", "The backups are encrypted. Name the file of their key with --key."));
    }

    /** The names of the backups, oldest first. */
    public List<String> ids() throws IOException {
        Path snapshots = root.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(snapshots)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(BackupManifest.ID))
                    .sorted(java.util.Comparator.comparing((String id) -> id.substring(0, 16))
                            .thenComparingInt(BackupFolder::turn))
                    .toList();
        }
    }

    private static int turn(String id) {
        return id.length() > 17 ? Integer.parseInt(id.substring(17)) : 1;
    }

    /**
     * The name of the backup that is asked for.
     *
     * @throws ProblemException of kind NOT_FOUND when there is none
     */
    public String find(Optional<String> id) throws IOException {
        List<String> there = ids();
        if (there.isEmpty()) {
            throw ProblemException.notFound("The folder has no backup yet.");
        }
        if (id.isEmpty()) {
            return there.getLast();
        }
        if (!there.contains(id.get())) {
            throw ProblemException.notFound(
                    "The folder has no backup of that name. modelward backup list shows those that" + " are there.");
        }
        return id.get();
    }

    /**
     * What a backup holds.
     *
     * @throws ProblemException when the manifest is damaged, is of another backup or registry, or of a newer release
     */
    public BackupManifest manifest(String id) throws IOException {
        BackupManifest manifest;
        Path file = snapshot(id).resolve(MANIFEST);
        try (ReadableByteChannel in = coding().reading(disk.read(file), name(id, MANIFEST));
                InputStream bytes = Channels.newInputStream(in)) {
            byte[] document = bytes.readNBytes(LARGEST_DOCUMENT + 1);
            if (document.length > LARGEST_DOCUMENT) {
                throw ProblemException.invalid("manifest", "The file is too large to be read.");
            }
            manifest = BackupManifest.read(document);
        } catch (NoSuchFileException missing) {
            throw ProblemException.invalid("manifest", "The manifest is missing.");
        } catch (SealBroken changed) {
            throw ProblemException.invalid("manifest", "The manifest is damaged.");
        }
        if (!manifest.id().equals(id) || !manifest.registry().equals(registry)) {
            throw ProblemException.invalid("manifest", "The manifest is of another backup.");
        }
        return manifest;
    }

    /** The name of a file that only one backup has, within the folder. */
    static String name(String id, String file) {
        return "snapshots/" + id + "/" + file;
    }

    /**
     * Reads the list of files of a backup, and at its end holds it to the manifest.
     *
     * @throws ProblemException of kind INVALID when the list is damaged; files may have been told before
     */
    public void files(BackupManifest manifest, EachFile each) throws IOException {
        try (BackupList list = list(manifest)) {
            for (Optional<BackupFile> file = list.next(); file.isPresent(); file = list.next()) {
                each.file(file.get());
            }
        }
    }

    private BackupList list(BackupManifest manifest) throws IOException {
        try {
            return new BackupList(
                    manifest,
                    Channels.newInputStream(coding().reading(
                                    disk.read(snapshot(manifest.id()).resolve(LIST)), name(manifest.id(), LIST))));
        } catch (NoSuchFileException missing) {
            throw ProblemException.invalid("files", "The list of files is missing.");
        } catch (SealBroken changed) {
            throw ProblemException.invalid("files", "The list of files is damaged.");
        }
    }

    /**
     * The backup directly before one without a catalog, when that has none either. The database may have been copied
     * between the two, and then names blobs that only the earlier one lists.
     */
    public Optional<String> before(BackupManifest manifest) throws IOException {
        List<String> all = ids();
        int at = all.indexOf(manifest.id());
        if (manifest.catalogInside() || at < 1) {
            return Optional.empty();
        }
        return Optional.of(all.get(at - 1));
    }

    /**
     * Tells the blobs that one backup lists and a later one does not. Both lists have blobs in the order of their
     * digests, and before all else.
     *
     * @throws ProblemException of kind INVALID when a list is damaged; files may have been told before
     */
    public void blobsOnlyIn(BackupManifest earlier, BackupManifest later, EachFile each) throws IOException {
        try (BackupList old = list(earlier);
                BackupList now = list(later)) {
            Optional<BackupFile> there = now.next();
            for (Optional<BackupFile> file = old.next(); file.isPresent(); file = old.next()) {
                Optional<Digest> blob = file.get().blob();
                if (blob.isEmpty()) {
                    continue;
                }
                while (there.flatMap(BackupFile::blob)
                        .filter(one -> one.hex().compareTo(blob.get().hex()) < 0)
                        .isPresent()) {
                    there = now.next();
                }
                if (!there.flatMap(BackupFile::blob).equals(blob)) {
                    each.file(file.get());
                }
            }
        }
    }

    /** Hashes the content of a file. */
    public HashingCopy.Copied hash(BackupFile file) throws IOException {
        try (ReadableByteChannel in = read(file)) {
            return HashingCopy.hash(in);
        }
    }

    /** Copies the content of a file to a name that is free; its bytes are durable then, its name is not. */
    public HashingCopy.Copied copy(BackupFile file, Path to) throws IOException {
        try (ReadableByteChannel in = read(file);
                DiskFile out = disk.create(to)) {
            return HashingCopy.copy(in, out);
        }
    }

    private ReadableByteChannel read(BackupFile file) throws IOException {
        return coding().reading(disk.read(resolve(file)), file.sealedName());
    }

    /** Whether the content of files lies on the disk as it is. */
    public boolean isPlain() {
        return coding.filter(BackupCoding.PLAIN::equals).isPresent();
    }

    Path snapshot(String id) {
        return root.resolve("snapshots").resolve(id);
    }

    /** Where a file of a backup lies. */
    public Path resolve(BackupFile file) {
        return root.resolve(file.path());
    }

    /** Removes a folder and all that is in it, without following links. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
