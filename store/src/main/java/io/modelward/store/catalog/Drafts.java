package io.modelward.store.catalog;

import io.modelward.core.draft.Draft;
import io.modelward.core.manifest.FileEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Drafts: content that is being uploaded. */
public interface Drafts {

    void insert(Draft draft);

    Optional<Draft> find(String id);

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
