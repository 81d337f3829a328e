package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Writes a blob beside its place, then gives it its name: sync the bytes, link the name, sync the directory. Each of
 * the three is needed: without the first a crash leaves a name with torn bytes, without the last it loses an
 * acknowledged name.
 */
final class DiskBlobWriter implements BlobWriter {

    private final Disk disk;
    private final Path temporary;
    private final Place place;
    private final DiskFile file;
    private final MessageDigest sha256 = Sha256.start();
    private Optional<Digest> digest = Optional.empty();
    private long size;
    private boolean closed;
    private boolean aside;

    DiskBlobWriter(Disk disk, DiskFile file, Path temporary, Place place) {
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
    public ReadableByteChannel written() throws IOException {
        return disk.read(temporary);
    }

    @Override
    public void putAside() throws IOException {
        if (!aside) {
            aside = true;
            file.close();
        }
    }

    @Override
    public Stored commit() throws IOException {
        if (aside) {
            throw new IllegalStateException("the bytes were put aside");
        }
        file.sync();
        place.give(digest(), temporary);
        close();
        return new Stored(digest(), size);
    }

    /** Gives finished bytes their name, durably. */
    interface Place {
        void give(Digest digest, Path finished) throws IOException;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            putAside();
            disk.delete(temporary);
        }
    }
}
