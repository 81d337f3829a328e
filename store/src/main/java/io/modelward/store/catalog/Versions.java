package io.modelward.store.catalog;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Published versions. Versions are inserted and read, never changed; a deletion is kept in another table. A method
 * finds deleted versions too, unless its description says otherwise.
 */
public interface Versions {

    /** The id that the next version gets. */
    long nextId();

    void insert(PublishedVersion version, List<FileEntry> files);

    Optional<PublishedVersion> find(ModelId model, SemVer version);

    Optional<PublishedVersion> findByOrdinal(ModelId model, long ordinal);

    /** The first version of this digest that is not deleted. */
    Optional<PublishedVersion> findByDigest(ModelId model, Digest digest);

    /** The highest number that a release was given, a deleted one too. */
    Optional<SemVer> highestNumber(ModelId model);

    /**
     * The highest release whose bytes are here, a deleted one too.
     *
     * @param below only releases below this one
     */
    Optional<PublishedVersion> highestRelease(ModelId model, Optional<SemVer> below);

    /** The highest version that is wanted and not deleted. */
    Optional<PublishedVersion> highest(ModelId model, Predicate<SemVer> wanted);

    /** How many versions of the model are not deleted. */
    long count(ModelId model);

    /**
     * Versions that are not deleted with a sort key above {@code afterKey}, ascending in SemVer order, at most
     * {@code limit}.
     */
    List<VersionSummary> list(ModelId model, String afterKey, int limit);

    /**
     * Versions that are not deleted with a sort key below {@code belowKey}, descending in SemVer order, at most
     * {@code limit}.
     *
     * @param belowKey a sort key or the beginning of one; empty: from the highest version
     */
    List<VersionSummary> listDown(ModelId model, String belowKey, int limit);

    /** The version of an id in the whole catalog. */
    Optional<PublishedVersion> find(long id);

    /** A file of a version. */
    Optional<FileEntry> file(long version, String path);

    /** How many published versions the whole catalog holds. */
    long count();

    /** Whether any version, draft or artifact refers to the blob. */
    boolean refersTo(Digest blob);

    /** The next ids of versions, deleted ones too, at most {@code limit}. */
    List<Long> ids(long after, int limit);

    /** Visits every version of every model; the consumer sees one at a time. */
    void forEach(Consumer<VersionSummary> consumer);

    /** Searches the versions that are not deleted, of models that are not deleted. */
    Found<PublishedVersion> search(Search search);
}
