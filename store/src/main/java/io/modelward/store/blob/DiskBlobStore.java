package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import io.modelward.store.disk.EarlySync;
import io.modelward.store.unit.UnitOfWork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Blobs as files {@code sha256/ab/cd/<hex>} below one directory. Unfinished ones are in {@code incoming/} and are swept
 * when the store is opened.
 */
public final class DiskBlobStore implements BlobStore {

    private static final int CHUNK = 256 * 1024;
    private static final long SYNCED_AT_ONCE = 64 << 20;
    private static final int SYNCERS = 2;
    private static final int NAMES = 64;

    private final Disk disk;
    private final Path root;
    private final Path incoming;
    private final Executor syncers;
    private final BlobHealth health = new BlobHealth();
    /**
     * One of them is held while a name is given or taken away, so that a sweep never takes what was stored a moment
     * ago.
     */
    private final Object[] names = new Object[NAMES];

    public DiskBlobStore(Disk disk, Path root) throws IOException {
        this.disk = disk;
        this.root = root;
        this.incoming = root.resolve("incoming");
        this.syncers = syncers();
        Arrays.setAll(names, i -> new Object());
        disk.createDirectories(incoming);
        disk.createDirectories(root.resolve("sha256"));
        try (Stream<Path> left = Files.list(incoming)) {
            for (Path file : left.toList()) {
                disk.delete(file);
            }
        }
    }

    /** Threads that are there only while large blobs arrive. */
    private static Executor syncers() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                SYNCERS,
                SYNCERS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("blob-sync-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public BlobWriter writer() throws IOException {
        Path temporary = incoming.resolve(UUID.randomUUID().toString());
        DiskFile file = new EarlySync(disk.create(temporary), SYNCED_AT_ONCE, syncers);
        return new DiskBlobWriter(disk, file, temporary, this::give);
    }

    @Override
    public OptionalLong size(Digest digest) throws IOException {
        UnitOfWork.requireNone("looks at a blob");
        try {
            return OptionalLong.of(Files.size(path(digest)));
        } catch (NoSuchFileException absent) {
            return OptionalLong.empty();
        }
    }

    @Override
    public InputStream read(Digest digest, long offset, long length) throws IOException {
        FileChannel channel = disk.read(path(digest));
        try {
            if (offset < 0 || length < 0 || offset + length > channel.size()) {
                throw new IllegalArgumentException("range outside the blob");
            }
            channel.position(offset);
            return new LimitedInputStream(Channels.newInputStream(channel), length);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    @Override
    public BlobReading open(Digest digest, long size, long offset, long length) throws IOException {
        UnitOfWork.requireNone("looks at a blob");
        return DiskBlobReading.open(health, path(digest), digest, size, offset, length, disk::read);
    }

    /**
     * Gives finished and synced bytes their name. What lay there before is replaced: the new bytes were hashed a moment
     * ago, which is more than is known of the old ones. Replacing costs no reading, and makes the blob young, so that a
     * sweep passes it over.
     */
    private void give(Digest digest, Path finished) throws IOException {
        Path name = path(digest);
        Path directory = Objects.requireNonNull(name.getParent());
        disk.createDirectories(directory);
        synchronized (lock(digest)) {
            try {
                disk.link(name, finished);
            } catch (FileAlreadyExistsException storedBefore) {
                disk.rename(finished, name);
            }
            health.clear(digest);
        }
        // Also when the name was there before: another writer may have linked it a moment ago and not synced it yet.
        disk.syncDirectory(directory);
    }

    private Object lock(Digest digest) {
        return names[Math.floorMod(digest.hashCode(), NAMES)];
    }

    @Override
    public BlobCheck check(Digest digest) throws IOException {
        UnitOfWork.requireNone("looks at a blob");
        MessageDigest sha256 = Sha256.start();
        long bytes = 0;
        Path path = path(digest);
        Stamp before;
        try {
            before = Stamp.of(path);
        } catch (NoSuchFileException absent) {
            return new BlobCheck(BlobCheck.State.MISSING, 0);
        }
        try (FileChannel channel = disk.read(path)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            for (int n = channel.read(chunk); n >= 0; n = channel.read(chunk)) {
                bytes += n;
                sha256.update(chunk.flip());
                chunk.clear();
            }
        } catch (NoSuchFileException absent) {
            return new BlobCheck(BlobCheck.State.MISSING, 0);
        }
        boolean same = Digest.ofBytes(sha256.digest()).equals(digest);
        if (same) {
            health.found(digest, before);
        } else if (isStill(path, before)) {
            health.mark(digest, before);
        } else {
            // It was replaced while it was read; what lies there now is another file.
            return check(digest);
        }
        return new BlobCheck(same ? BlobCheck.State.INTACT : BlobCheck.State.DAMAGED, bytes);
    }

    private static boolean isStill(Path path, Stamp before) throws IOException {
        try {
            return Stamp.of(path).equals(before);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    // Whoever asked for the list closes it.
    @SuppressWarnings("StreamResourceLeak")
    @Override
    public Stream<Digest> list(Instant before) throws IOException {
        UnitOfWork.requireNone("looks at a blob");
        return Files.walk(root.resolve("sha256"))
                .filter(Files::isRegularFile)
                .filter(file -> isOlder(file, before))
                .map(file -> file.getFileName().toString())
                .filter(name -> name.matches("[0-9a-f]{64}"))
                .map(Digest::ofHex);
    }

    private static boolean isOlder(Path file, Instant before) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void delete(Digest digest) throws IOException {
        synchronized (lock(digest)) {
            disk.delete(path(digest));
            health.clear(digest);
        }
    }

    @Override
    public boolean deleteIfOlder(Digest digest, Instant before) throws IOException {
        Path path = path(digest);
        synchronized (lock(digest)) {
            if (!isOlder(path, before)) {
                return false;
            }
            disk.delete(path);
            health.clear(digest);
            return true;
        }
    }

    private Path path(Digest digest) {
        String hex = digest.hex();
        return root.resolve("sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex.substring(2, 4))
                .resolve(hex);
    }
}
