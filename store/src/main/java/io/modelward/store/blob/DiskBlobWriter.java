package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes a blob beside its place, then gives it its name: sync the bytes, link the name, sync the directory. Each of the three
 * is needed: without the first a crash leaves a name with torn bytes, without the last it loses an acknowledged name.
 */
final class DiskBlobWriter implements BlobWriter {

    private final Disk disk;
    private final Path temporary;
    private final Function<Digest, Path> place;
    private final DiskFile file;
    private final MessageDigest sha256 = Sha256.start();
    private Optional<Digest> digest = Optional.empty();
    private long size;
    private boolean closed;

    DiskBlobWriter(Disk disk, DiskFile file, Path temporary, Function<Digest, Path> place) {
        this.disk = disk;
        this.temporary = temporary;
        this.place = place;
        this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        sha256.update(bytes.duplicate());
        file.write(bytes);
    }

    @Override
    public Digest digest() {
        if (digest.isEmpty()) {
            digest = Optional.of(Digest.ofBytes(sha256.digest()));
        }
        return digest.get();
    }

    @Override
    public Stored commit() throws IOException {
        file.sync();
        Path name = place.apply(digest());
        Path directory = Objects.requireNonNull(name.getParent());
        disk.createDirectories(directory);
        try {
            disk.link(name, temporary);
        } catch (FileAlreadyExistsException storedBefore) {
            replaceIfDamaged(name);
        }
        // Also when the name was there before: another writer may have linked it a moment ago and not synced it yet.
        disk.syncDirectory(directory);
        close();
        return new Stored(digest(), size);
    }

    /** A stored blob of another length lost bytes; this writer has all of them, so the name moves to the good file. */
    private void replaceIfDamaged(Path name) throws IOException {
        try (var stored = disk.read(name)) {
            if (stored.size() == size) {
                return;
            }
        }
        disk.rename(temporary, name);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
            disk.delete(temporary);
        }
    }
}
