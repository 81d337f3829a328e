package io.modelward.store.catalog;

import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Content being uploaded. */
public interface Drafts {

    /**
     * A draft, without its files.
     *
     * @param published the ordinal of the version it became
     */
    record Row(String id, ModelId model, Instant createdAt, Instant expiresAt, String actor, OptionalLong published) {}

    void insert(Row row);

    Optional<Row> find(String id);

    /** Adds the file or replaces the one of the same path. */
    void putFile(String id, FileEntry file);

    List<FileEntry> files(String id);

    /** Notes which version the draft became, and forgets its files' names. */
    void markPublished(String id, long ordinal);

    /** Forgets the draft and its files' names. */
    void delete(String id);

    /** The drafts that ended before the given time. */
    List<String> expired(Instant before);
}
