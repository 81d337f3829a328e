package io.modelward.store.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
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
    private final Path incoming;
    private final MessageDigest listed = Sha256.start();
    private final DiskFile list;
    private final StringBuilder lines = new StringBuilder();
    /** Names in them are durable only after they are synced. */
    private final Set<Path> unsynced = new HashSet<>();

    private long files;
    private long bytes;
    private long unreadable;

    private BackupWriting(Disk disk, BackupFolder folder, FileChannel lock, String id) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.root = folder.root();
        this.lock = lock;
        this.id = id;
        this.incoming = root.resolve("incoming").resolve(id);
        disk.createDirectories(incoming);
        this.list = disk.create(incoming.resolve(BackupFolder.LIST));
    }

    /**
     * Takes the folder, making it when it is not there, and removes what an interrupted backup left.
     *
     * @throws ProblemException of kind REFUSED when it holds something else, the backups of another registry or of a
     *     newer release; CONFLICT when a backup is being made there
     */
    public static BackupWriting begin(Disk disk, Path root, String registry, String release, Instant now)
            throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw ProblemException.refused("directory", "directory names a file. Name a folder, or one to be made.");
        }
        boolean isNew = !Files.exists(root);
        disk.createDirectories(root);
        if (!Files.exists(root.resolve(BackupFolder.HEADER))) {
            requireEmpty(root);
        }
        FileChannel lock = lock(root.resolve("lock"));
        try {
            if (isNew || isOnlyLocked(root)) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
            // What was not whole yet, the header among it.
            BackupFolder.remove(root.resolve("incoming"));
            disk.createDirectories(root.resolve("incoming"));
            if (!Files.exists(root.resolve(BackupFolder.HEADER))) {
                write(
                        disk,
                        root.resolve("incoming").resolve(BackupFolder.HEADER),
                        Json.object()
                                .put("format", BackupManifest.FORMAT)
                                .put("registry", registry)
                                .put("release", release)
                                .toString()
                                .getBytes(StandardCharsets.UTF_8));
                disk.rename(root.resolve("incoming").resolve(BackupFolder.HEADER), root.resolve(BackupFolder.HEADER));
            }
            disk.createDirectories(root.resolve("snapshots"));
            disk.syncDirectory(root);
            BackupFolder folder = BackupFolder.open(disk, root);
            if (!folder.registry().equals(registry)) {
                throw ProblemException.refused(
                        "directory", "The folder has the backups of another registry. Name another folder.");
            }
            String id = ID.format(now);
            for (int turn = 2; Files.exists(folder.snapshot(id)); turn++) {
                id = ID.format(now) + "-" + turn;
            }
            return new BackupWriting(disk, folder, lock, id);
        } catch (IOException | RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    private static void requireEmpty(Path root) throws IOException {
        try (Stream<Path> there = Files.list(root)) {
            if (there.map(path -> path.getFileName().toString())
                    .anyMatch(name -> !name.equals("lock") && !name.equals("incoming"))) {
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

    private static void write(Disk disk, Path file, byte[] content) throws IOException {
        try (DiskFile out = disk.create(file)) {
            out.write(ByteBuffer.wrap(content));
            out.sync();
        }
    }

    public String id() {
        return id;
    }

    public BackupFolder folder() {
        return folder;
    }

    /** Where a file that only this backup has is to be made; it is listed with {@link #own}. */
    public Path place(String name) {
        return incoming.resolve(name);
    }

    /** Lists a file that was made at its {@link #place}, after it is durable. */
    public void own(String name, HashingCopy.Copied content) throws IOException {
        list(new BackupFile(Optional.of(content.sha256()), content.size(), "snapshots/" + id + "/" + name));
    }

    /**
     * Lists a blob, after it was copied unless an earlier backup has it. A copy with other bytes than its name says is
     * not kept; the blob is listed as unreadable.
     *
     * @return how many bytes were copied; empty when there was nothing to copy
     */
    public Optional<Long> blob(Digest digest, long size, Path source) throws IOException {
        String path = BackupFile.blob(digest);
        Path target = root.resolve(path);
        if (Files.isRegularFile(target) && Files.size(target) == size) {
            list(new BackupFile(Optional.of(digest), size, path));
            return Optional.empty();
        }
        Path unfinished = root.resolve("incoming").resolve("blob");
        if (!Files.isRegularFile(source)) {
            missing(size, path);
            return Optional.empty();
        }
        HashingCopy.Copied copied;
        try {
            copied = HashingCopy.copy(disk, source, unfinished);
        } catch (IOException failure) {
            disk.delete(unfinished);
            throw failure;
        }
        if (!copied.sha256().equals(digest) || copied.size() != size) {
            disk.delete(unfinished);
            missing(size, path);
            return Optional.empty();
        }
        share(unfinished, target);
        list(new BackupFile(Optional.of(digest), size, path));
        return Optional.of(size);
    }

    private void missing(long size, String path) throws IOException {
        unreadable++;
        list(new BackupFile(Optional.empty(), size, path));
    }

    /** Whether earlier backups have this segment in full, with so many bytes. */
    public boolean hasSegment(int number, long size) throws IOException {
        Path there = root.resolve(segment(number));
        return Files.isRegularFile(there) && Files.size(there) == size;
    }

    /** Lists a segment that earlier backups have. */
    public void sharedSegment(int number) throws IOException {
        HashingCopy.Copied there = HashingCopy.hash(disk, root.resolve(segment(number)));
        list(new BackupFile(Optional.of(there.sha256()), there.size(), segment(number)));
    }

    /** Shares a segment that was made at its {@link #place} with later backups, unless another is in its place. */
    public void shareSegment(int number, HashingCopy.Copied content) throws IOException {
        Path target = root.resolve(segment(number));
        if (Files.exists(target)) {
            own("segment-%09d".formatted(number), content);
            return;
        }
        share(place("segment-%09d".formatted(number)), target);
        list(new BackupFile(Optional.of(content.sha256()), content.size(), segment(number)));
    }

    private static String segment(int number) {
        return "predictions/segment-%09d".formatted(number);
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
        write(
                disk,
                incoming.resolve(BackupFolder.MANIFEST),
                manifest.json().toString().getBytes(StandardCharsets.UTF_8));
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
            BackupFolder.remove(root.resolve("incoming"));
        } finally {
            lock.close();
        }
    }
}
