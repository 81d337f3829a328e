package io.modelward.store.catalog;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Published versions. Rows are inserted and read, never changed; that a version was deleted is kept beside it, and what finds one finds
 * deleted ones too unless it says that it does not.
 */
public interface Versions {

    /**
     * A version in short.
     *
     * @param id of the version in the whole catalog
     * @param model the name that its model has now
     * @param size bytes of all files
     * @param deletedAt when it, or its model, was deleted
     */
    record Summary(
            long id,
            ModelId modelId,
            ModelName model,
            SemVer version,
            long ordinal,
            Digest digest,
            long size,
            Change published,
            String shownCard,
            Optional<Instant> deletedAt) {}

    /**
     * A version with its documents, each JSON text exactly as it was written.
     *
     * @param card as sent
     * @param shownCard completed with what the server knew
     * @param missing JSON array of the core fields that nobody knew
     * @param warnings JSON array of sentences
     */
    record Row(
            Summary summary,
            String manifest,
            String card,
            String missing,
            String signature,
            String leastBump,
            String warnings) {

        public boolean active() {
            return summary.deletedAt().isEmpty();
        }
    }

    /** The id that the next version gets. */
    long nextId();

    void insert(Row row, List<FileEntry> files);

    Optional<Row> find(ModelId model, SemVer version);

    Optional<Row> findByOrdinal(ModelId model, long ordinal);

    /** The first version of this digest that is not deleted. */
    Optional<Row> findByDigest(ModelId model, Digest digest);

    /** The highest number that a release was given, a deleted one too. */
    Optional<SemVer> highestNumber(ModelId model);

    /**
     * The highest release whose bytes are here, a deleted one too.
     *
     * @param below only releases below this one
     */
    Optional<Row> highestRelease(ModelId model, Optional<SemVer> below);

    /** The highest version that is wanted and not deleted. */
    Optional<Row> highest(ModelId model, Predicate<SemVer> wanted);

    /** How many versions of the model are not deleted. */
    long count(ModelId model);

    /** Versions that are not deleted with a sort key above {@code afterKey}, ascending in SemVer order, at most {@code limit}. */
    List<Summary> list(ModelId model, String afterKey, int limit);

    /** The version of an id in the whole catalog. */
    Optional<Row> find(long id);

    /** A file of a version. */
    Optional<FileEntry> file(long version, String path);

    /** How many published versions the whole catalog holds. */
    long count();

    /** Whether any version, draft or artifact refers to the blob. */
    boolean refersTo(Digest blob);

    /** The next ids of versions, deleted ones too, at most {@code limit}. */
    List<Long> ids(long after, int limit);

    /** Visits every version of every model; the consumer sees one at a time. */
    void forEach(Consumer<Summary> consumer);

    /** The ids and what is searched by of those that are not deleted; of models that are there only. */
    Found<Row> search(Search search);
}
