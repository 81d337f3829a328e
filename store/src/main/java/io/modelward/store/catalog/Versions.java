package io.modelward.store.catalog;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Published versions. Rows are inserted and read, never changed. */
public interface Versions {

    /**
     * A version in short.
     *
     * @param size bytes of all files
     */
    record Summary(
            ModelName model,
            SemVer version,
            long ordinal,
            Digest digest,
            long size,
            Change published,
            String shownCard) {}

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
            String warnings) {}

    void insert(Row row, List<FileEntry> files);

    Optional<Row> find(ModelName model, SemVer version);

    Optional<Row> findByOrdinal(ModelName model, long ordinal);

    Optional<Row> findByDigest(ModelName model, Digest digest);

    /** All versions' numbers, ascending in SemVer order. */
    List<SemVer> numbers(ModelName model);

    /** Versions with a sort key above {@code afterKey}, ascending in SemVer order, at most {@code limit}. */
    List<Summary> list(ModelName model, String afterKey, int limit);

    /** The files of a version in the order of their paths. */
    Optional<FileEntry> file(ModelName model, long ordinal, String path);

    /** How many published versions the whole catalog holds. */
    long count();

    /** Whether any version, draft or artifact refers to the blob. */
    boolean refersTo(Digest blob);

    /** Visits every version of every model; the consumer sees one at a time. */
    void forEach(Consumer<Summary> consumer);
}
