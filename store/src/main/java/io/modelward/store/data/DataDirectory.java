package io.modelward.store.data;

import io.modelward.core.problem.StartRefused;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that holds everything one server keeps. One process has it at a time. Only its owner may look inside,
 * so that a model, which runs as another user, cannot.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String FORMAT = "1";
    private static final String REGISTRY = "registry";
    private static final String ELSEWHERE = "catalog-elsewhere";

    private final Path root;
    private final Disk disk;
    private final FileLock lock;
    private final FileLock formatLock;

    private DataDirectory(Disk disk, Path root, FileLock lock, FileLock formatLock) {
        this.disk = disk;
        this.root = root;
        this.lock = lock;
        this.formatLock = formatLock;
    }

    /**
     * Takes the directory, creating it when it is not there.
     *
     * @throws StartRefused when it is a file, another process has it, a newer release wrote it, or it holds something
     *     else
     */
    public static DataDirectory open(Disk disk, Path root) throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new StartRefused(root + " is a file. Name a directory with --data.");
        }
        disk.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Path format = root.resolve("format");
        if (!Files.exists(format) && holdsSomethingElse(root)) {
            throw new StartRefused(
                    root + " is not empty and is not a data directory of Modelward. Choose another with --data.");
        }
        FileLock lock = lock(root, "lock");
        try {
            if (!Files.exists(format)) {
                write(disk, root, "format", FORMAT);
            }
            // Somebody may have removed the file lock of a running server. Nothing can be done here without this one.
            FileLock formatLock = lock(root, "format");
            try {
                requireKnown(root, content(formatLock.channel()));
            } catch (IOException | RuntimeException refused) {
                formatLock.channel().close();
                throw refused;
            }
            return new DataDirectory(disk, root, lock, formatLock);
        } catch (IOException | RuntimeException refused) {
            lock.channel().close();
            throw refused;
        }
    }

    /** Through the channel that has the lock: closing another one of the same file would give up the lock. */
    private static String content(FileChannel format) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        while (bytes.hasRemaining() && format.read(bytes) >= 0) {
            // Reads on until the end.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void requireKnown(Path root, String written) {
        if (!written.equals(FORMAT)) {
            throw new StartRefused(
                    "The data directory " + root + " was written by a newer release of Modelward (its format is "
                            + (written.matches("[0-9]{1,9}") ? written : "unknown")
                            + ", this release knows " + FORMAT + "). Start that release.");
        }
    }

    private static boolean holdsSomethingElse(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> !name.equals("lock") && !name.equals("format.new"));
        }
    }

    private static FileLock lock(Path root, String name) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // Answered below, as for any other holder.
        }
        if (lock == null) {
            channel.close();
            throw new StartRefused("The data directory " + root
                    + " is in use by another process. Stop that one, or choose another directory with --data.");
        }
        return lock;
    }

    private static void write(Disk disk, Path root, String name, String line) throws IOException {
        Path unfinished = root.resolve(name + ".new");
        disk.delete(unfinished);
        try (DiskFile file = disk.create(unfinished)) {
            file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
            file.sync();
        }
        disk.rename(unfinished, root.resolve(name));
        disk.syncDirectory(root);
    }

    /** The name of the registry whose files these are; empty before the first start. */
    public Optional<String> registry() throws IOException {
        Path file = root.resolve(REGISTRY);
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /** Names the registry whose files these are. */
    public void nameRegistry(String name) throws IOException {
        write(disk, root, REGISTRY, name);
    }

    /** Whether a server with its catalog in a database has used the directory. */
    boolean isCatalogElsewhere() {
        return Files.exists(root.resolve(ELSEWHERE));
    }

    /** Marks that the catalog is in a database. */
    public void markCatalogElsewhere() throws IOException {
        if (!isCatalogElsewhere()) {
            write(disk, root, ELSEWHERE, "The catalog of this registry is where catalog.url says.");
        }
    }

    /** Whether there is a catalog or a blob. */
    boolean holdsContent() throws IOException {
        return Files.exists(catalog()) || holdsBlobs();
    }

    boolean holdsBlobs() throws IOException {
        Path content = blobs().resolve("sha256");
        if (!Files.isDirectory(content)) {
            return false;
        }
        try (Stream<Path> files = Files.list(content)) {
            return files.findAny().isPresent();
        }
    }

    /** A folder for files that are needed for a while. */
    public Path scratch() {
        return root.resolve("migrating");
    }

    Path resolve(Path below) {
        return root.resolve(below);
    }

    Path relativize(Path file) {
        return root.relativize(file);
    }

    @Override
    public String toString() {
        return root.toString();
    }

    public Path catalog() {
        return root.resolve("catalog.sqlite");
    }

    public Path blobs() {
        return root.resolve("blobs");
    }

    public Path predictions() {
        return root.resolve("predictions");
    }

    /** The key that secrets in the catalog are sealed with. */
    public Path secretKey() {
        return root.resolve("secret-key");
    }

    @Override
    public void close() throws IOException {
        formatLock.channel().close();
        lock.channel().close();
    }
}
