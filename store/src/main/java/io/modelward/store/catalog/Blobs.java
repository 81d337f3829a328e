package io.modelward.store.catalog;

import io.modelward.core.digest.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which blobs the blob store holds. That a blob exists is a row here, so that no transaction has to wait for a disk or
 * a bucket.
 *
 * <p>A blob is removed in two steps. A transaction that sees that nothing names the blob condemns it. Then the bytes
 * are removed, outside of any transaction, and after that the row. A condemned blob cannot be named any more: whoever
 * stores the same bytes waits until the row is gone. A removal that was interrupted is done again.
 */
public interface Blobs {

    /** Whether a blob may be named. */
    enum State {
        PRESENT,
        CONDEMNED
    }

    /**
     * A blob.
     *
     * @param size in bytes
     * @param since when it was condemned, or last stored
     */
    record Row(Digest blob, long size, State state, Instant since) {}

    Optional<Row> find(Digest blob);

    /**
     * Notes that the blob store holds the blob; in the transaction that names the blob, before it is named.
     *
     * @return whether the blob may be named; not when it is condemned
     */
    boolean store(Digest blob, long size, Instant at);

    /**
     * Blobs that were last stored before a time and that no version, draft or artifact names, at most {@code limit}.
     */
    List<Digest> unnamed(Instant before, int limit);

    /** How many blobs, and their bytes together. */
    record Total(long blobs, long bytes) {}

    /**
     * What a sweep would remove after every due version let go of its bytes: condemned blobs, and those last stored
     * before a time that only such versions name, or nothing.
     *
     * @param due versions whose time to be brought back ended by then are due
     */
    Total freeable(Instant before, Instant due);

    /** Condemns those of the blobs that were last stored before a time and that nothing names. */
    void condemn(Collection<Digest> blobs, Instant before, Instant at);

    /**
     * Condemns a blob without a row that lies in the blob store, unless something names it; answers whether it is
     * condemned.
     */
    boolean condemnStray(Digest blob, Instant at);

    /** Blobs whose removal has begun, at most {@code limit}. */
    List<Digest> condemned(int limit);

    /** Blobs that may be named, after a digest and in the order of digests, at most {@code limit}. */
    List<Row> present(String after, int limit);

    /** How many blobs may be named. */
    long countPresent();

    /** Blobs that something names, after a digest and in the order of digests, at most {@code limit}. */
    List<Digest> named(String after, int limit);

    /** Forgets condemned blobs whose bytes are removed. */
    void forget(Collection<Digest> blobs);
}
