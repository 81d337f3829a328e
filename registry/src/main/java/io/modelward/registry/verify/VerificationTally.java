package io.modelward.registry.verify;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobCheck;
import io.modelward.store.blob.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The counts and the damage of one verification so far, in memory that does not grow with the store. */
final class VerificationTally {

    private static final int MAX_NAMED = 10_000;
    private static final int MAX_REMEMBERED = 100_000;

    private final BlobStore blobs;
    /** The checks of the last blobs; a blob that comes again after many others is hashed again. */
    private final Map<Digest, BlobCheck> checked = new LinkedHashMap<>();

    private final List<Damage> damaged = new ArrayList<>();
    private long unnamed;
    private long bytes;
    int versions;
    int files;
    long artifacts;
    long rows;
    long unhashed;
    long records;

    VerificationTally(BlobStore blobs) {
        this.blobs = blobs;
    }

    void add(Damage damage) {
        if (damaged.size() < MAX_NAMED) {
            damaged.add(damage);
        } else {
            unnamed++;
        }
    }

    void read(long count) {
        bytes += count;
    }

    /** What is wrong with a stored file, or empty. */
    Optional<String> check(Digest digest, long size) throws IOException {
        BlobCheck check = checked.get(digest);
        if (check == null) {
            try {
                check = blobs.check(digest);
            } catch (IOException | UncheckedIOException unreadable) {
                return Optional.of("it cannot be read");
            }
            bytes += check.bytes();
            if (checked.size() >= MAX_REMEMBERED) {
                checked.remove(checked.keySet().iterator().next());
            }
            checked.put(digest, check);
        }
        if (check.state() == BlobCheck.State.MISSING) {
            return Optional.of(Damage.MISSING);
        }
        if (!check.intact()) {
            return Optional.of(Damage.OTHER_BYTES);
        }
        return check.bytes() == size ? Optional.empty() : Optional.of("its size is not the one that the catalog has");
    }

    Verification all() {
        return new Verification(
                versions, files, bytes, artifacts, rows, unhashed, records, List.copyOf(damaged), unnamed);
    }
}
