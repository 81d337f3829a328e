package io.modelward.store.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupKey;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.blob.Sha256;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Makes one backup in a folder, which nobody else writes to meanwhile. All of it lies in {@code incoming} until it is
 * whole and durable; then one rename makes it a backup. Whatever happens before leaves earlier backups as they were.
 */
public final class BackupWriting implements AutoCloseable {

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** Lines of the list are written so many bytes at once. */
    private static final int LIST_CHUNK = 64 << 10;

    private final Disk disk;
    private final Path root;
    private final BackupFolder folder;
    private final FileChannel lock;
    private final String id;
    private final boolean check;
    private final Path incoming;
    private final MessageDigest listed = Sha256.start();
    private final DiskFile list;
    private final StringBuilder lines = new StringBuilder();
    /** Names in them are durable only after they are synced. */
    private final Set<Path> unsynced = new HashSet<>();

    /** The shared segments that earlier backups list; read when one is needed first. */
    private final Set<BackupFile> earlierSegments = new HashSet<>();

    private boolean earlierRead;
    private boolean earlierDamaged;

    private long files;
    private long bytes;
    private long unreadable;

    private BackupWriting(Disk disk, BackupFolder folder, FileChannel lock, String id, boolean check)
            throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.root = folder.root();
        this.lock = lock;
        this.id = id;
        this.check = check;
        this.incoming = root.resolve(Incoming.NAME).resolve(id);
        disk.createDirectories(incoming);
        this.list = create(BackupFolder.LIST);
    }

    /**
     * What a backup is made of.
     *
     * @param registry the name of the registry
     * @param release that makes it
     * @param now the time, which names it
     * @param key that it is encrypted with
     * @param check reads the blobs that earlier backups have, and copies those again that are damaged
     */
    public record Wish(String registry, String release, Instant now, Optional<BackupKey> key, boolean check) {}

    /**
     * Takes the folder, making it when it is not there, and removes what an interrupted backup left.
     *
     * @throws ProblemException of kind REFUSED when it holds something else, the backups of another registry or of a
     *     newer release, or encrypted ones of another key, or such that are not encrypted while there is a key; CONFLICT
     *     when a backup is being made there
     */
    public static BackupWriting begin(Disk disk, Path root, Wish wish) throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw ProblemException.refused("directory", "directory names a file. Name a folder, or one to be made.");
        }
        boolean isNew = !Files.exists(root);
        if (isNew && Files.isSymbolicLink(root)) {
            throw ProblemException.refused(
                    "directory", "The folder is a link that leads nowhere. Mount what it leads to, or name another.");
        }
        disk.createDirectories(root);
        if (!Files.exists(root.resolve(BackupHeader.NAME))) {
            requireEmpty(root);
            Incoming.requireOwn(root);
        }
        FileChannel lock = lock(root.resolve("lock"));
        try {
            if (isNew || isOnlyLocked(root)) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
            // What was not whole yet, the header among it.
            Incoming.clear(root);
            disk.createDirectories(root.resolve(Incoming.NAME));
            if (!Files.exists(root.resolve(BackupHeader.NAME))) {
                Path header = root.resolve(Incoming.NAME).resolve(BackupHeader.NAME);
                try (DiskFile out = disk.create(header)) {
                    write(
                            out,
                            BackupHeader.write(wish.registry(), wish.release(), wish.key())
                                    .toString());
                }
                disk.rename(header, root.resolve(BackupHeader.NAME));
            }
            disk.createDirectories(root.resolve("snapshots"));
            disk.syncDirectory(root);
            BackupFolder folder = BackupFolder.open(disk, root, wish.key());
            if (!folder.registry().equals(wish.registry())) {
                throw ProblemException.refused(
                        "directory", "The folder has the backups of another registry. Name another folder.");
            }
            String id = ID.format(wish.now());
            for (int turn = 2; Files.exists(folder.snapshot(id)); turn++) {
                id = ID.format(wish.now()) + "-" + turn;
            }
            return new BackupWriting(disk, folder, lock, id, wish.check());
        } catch (IOException | RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    private static void requireEmpty(Path root) throws IOException {
        try (Stream<Path> there = Files.list(root)) {
            if (there.map(path -> path.getFileName().toString())
                    .anyMatch(name -> !name.equals("lock") && !name.equals(Incoming.NAME))) {
                throw ProblemException.refused(
                        "directory", "The folder is not empty and is no folder of backups. Name another folder.");
            }
        }
    }

    private static boolean isOnlyLocked(Path root) throws IOException {
        try (Stream<Path> there = Files.list(root)) {
            return there.count() == 1;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // Answered below, as for any other holder.
        }
        if (lock == null) {
            channel.close();
            throw ProblemException.conflict("A backup is being made in this folder. Wait until it has ended.");
        }
        return channel;
    }

    private static void write(DiskFile out, String content) throws IOException {
        out.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        out.sync();
    }

    public String id() {
        return id;
    }

    public BackupFolder folder() {
        return folder;
    }

    /** Where a file that only this backup has lies while the backup is made. */
    public Path place(String name) {
        return incoming.resolve(name);
    }

    /** Makes a file that only this backup has; it is listed with {@link #own} after it is synced. */
    public DiskFile create(String name) throws IOException {
        return create(name, BackupFolder.name(id, name));
    }

    private DiskFile create(String name, String sealedName) throws IOException {
        return folder.coding().writing(disk.create(place(name)), sealedName);
    }

    /** Makes the file of a segment; it is listed with {@link #shareSegment} or {@link #own} after it is synced. */
    public DiskFile createSegment(int number) throws IOException {
        return create(segment(number), BackupFile.sharedSegment(number));
    }

    /** The name of the file of a segment that only this backup has. */
    public static String segment(int number) {
        return "segment-%09d".formatted(number);
    }

    /** Copies a file that only this backup has, and lists it. */
    public void copyOwn(String name, Path source) throws IOException {
        HashingCopy.Copied content;
        try (FileChannel in = disk.read(source);
                DiskFile out = create(name)) {
            content = HashingCopy.copy(in, out);
        }
        Files.setPosixFilePermissions(place(name), PosixFilePermissions.fromString("rw-------"));
        own(name, content);
    }

    /** Lists a file that was made at its {@link #place}, after it is durable. */
    public void own(String name, HashingCopy.Copied content) throws IOException {
        list(new BackupFile(Optional.of(content.sha256()), content.size(), BackupFolder.name(id, name)));
    }

    /**
     * Lists a blob, after it was copied unless an earlier backup has it. A copy with other bytes than its name says is
     * not kept; the blob is listed as unreadable.
     *
     * @param moved hears how many bytes were copied while a large blob is; less than 0 when they are not kept
     * @return whether it was copied; not when there was nothing to copy
     */
    public boolean blob(Digest digest, long size, Path source, LongConsumer moved) throws IOException {
        String path = BackupFile.blob(digest);
        Path target = root.resolve(path);
        BackupFile listed = new BackupFile(Optional.of(digest), size, path);
        if (has(target, size) && (!check || isIntact(listed))) {
            list(listed);
            return false;
        }
        Path unfinished = root.resolve(Incoming.NAME).resolve("blob");
        if (!Files.isRegularFile(source)) {
            missing(size, path);
            return false;
        }
        HashingCopy.Copied copied;
        try (FileChannel in = disk.read(source);
                DiskFile out = folder.coding().writing(disk.create(unfinished), path)) {
            copied = HashingCopy.copy(in, out, moved);
        } catch (IOException failure) {
            disk.delete(unfinished);
            throw failure;
        }
        if (!copied.sha256().equals(digest) || copied.size() != size) {
            disk.delete(unfinished);
            moved.accept(-copied.size());
            missing(size, path);
            return false;
        }
        share(unfinished, target);
        list(listed);
        return true;
    }

    private boolean has(Path target, long size) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == folder.coding().size(size);
    }

    private boolean isIntact(BackupFile file) {
        try {
            HashingCopy.Copied there = folder.hash(file);
            return there.size() == file.size()
                    && file.sha256().filter(there.sha256()::equals).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void missing(long size, String path) throws IOException {
        unreadable++;
        list(new BackupFile(Optional.empty(), size, path));
    }

    /**
     * Lists a segment when earlier backups have one of its number with the same bytes. A segment of another history of
     * the registry may have the same number and size, so that both tell nothing.
     *
     * @param live the bytes that the server has
     * @return whether it is listed
     */
    public boolean sharedSegment(int number, HashingCopy.Copied live) throws IOException {
        BackupFile file = new BackupFile(Optional.of(live.sha256()), live.size(), BackupFile.sharedSegment(number));
        if (!has(folder.resolve(file), live.size()) || !isIntact(file)) {
            return false;
        }
        list(file);
        return true;
    }

    /**
     * Shares a segment that was made with later backups, unless one is in its place that an earlier backup lists with
     * other bytes. One that is damaged gives way, so that the earlier backups are whole again.
     */
    public void shareSegment(int number, HashingCopy.Copied content) throws IOException {
        BackupFile file =
                new BackupFile(Optional.of(content.sha256()), content.size(), BackupFile.sharedSegment(number));
        Path target = folder.resolve(file);
        if (Files.exists(target) && isListedOtherwise(file)) {
            own(segment(number), content);
            return;
        }
        share(place(segment(number)), target);
        list(file);
    }

    /** Whether an earlier backup lists other bytes under the name; also when the list of one cannot be read. */
    private boolean isListedOtherwise(BackupFile wanted) throws IOException {
        if (!earlierRead) {
            readEarlier();
            earlierRead = true;
        }
        return earlierDamaged
                || earlierSegments.stream().anyMatch(file -> file.path().equals(wanted.path()) && !file.equals(wanted));
    }

    private void readEarlier() throws IOException {
        for (String earlier : folder.ids()) {
            try {
                folder.files(folder.manifest(earlier), file -> {
                    if (file.isSharedSegment()) {
                        earlierSegments.add(file);
                    }
                });
            } catch (ProblemException damaged) {
                earlierDamaged = true;
            }
        }
    }

    private void share(Path unfinished, Path target) throws IOException {
        Path parent = java.util.Objects.requireNonNull(target.getParent());
        disk.createDirectories(parent);
        disk.rename(unfinished, target);
        unsynced.add(parent);
    }

    private void list(BackupFile file) throws IOException {
        files++;
        bytes += file.size();
        lines.append(file.line()).append('\n');
        if (lines.length() > LIST_CHUNK) {
            writeLines();
        }
    }

    private void writeLines() throws IOException {
        byte[] chunk = lines.toString().getBytes(StandardCharsets.US_ASCII);
        lines.setLength(0);
        listed.update(chunk);
        list.write(ByteBuffer.wrap(chunk));
    }

    public long unreadable() {
        return unreadable;
    }

    /** Makes it a backup. */
    public BackupManifest finish(
            String release,
            Instant point,
            Instant now,
            boolean catalogInside,
            Optional<BackupManifest.AuditPoint> audit)
            throws IOException {
        writeLines();
        list.sync();
        list.close();
        BackupManifest manifest = new BackupManifest(
                id,
                folder.registry(),
                release,
                point,
                now,
                catalogInside,
                audit,
                files,
                bytes,
                Digest.ofBytes(listed.digest()),
                unreadable);
        for (Path directory : unsynced) {
            disk.syncDirectory(directory);
        }
        try (DiskFile out = create(BackupFolder.MANIFEST)) {
            write(out, manifest.json().toString());
        }
        disk.syncDirectory(incoming);
        disk.rename(incoming, folder.snapshot(id));
        disk.syncDirectory(root.resolve("snapshots"));
        return manifest;
    }

    /** Gives the folder back; what is not a backup yet is removed. */
    @Override
    public void close() throws IOException {
        try {
            list.close();
            Incoming.clear(root);
        } catch (ProblemException strange) {
            // Somebody put something there meanwhile, which is not ours to remove; the next backup says so.
        } finally {
            lock.close();
        }
    }
}
