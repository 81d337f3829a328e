package io.modelward.store.catalog;

import io.modelward.core.digest.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The files that runs and models keep with this server, by path below the artifact root. A folder is there as long as a file is below it. Paths
 * are plain: no empty, {@code .} or {@code ..} segment, no control characters. The root is the empty path.
 */
public interface Artifacts {

    /**
     * A file.
     *
     * @param path relative to the artifact root, such as {@code 1/<run>/artifacts/model/MLmodel}
     */
    record Row(String path, long size, Digest sha256, Instant createdAt) {}

    /**
     * A folder that does not change any more.
     *
     * @param subject what it belongs to: {@code default/iris ordinal 3}
     */
    record Seal(String directory, String subject, Instant at) {}

    /**
     * What is directly in a folder.
     *
     * @param name its last segment
     * @param size bytes of a file, 0 for a folder
     */
    record Child(String name, boolean directory, long size) {

        /** What children are ordered by and a page goes on after: a folder's name has its slash. */
        public String key() {
            return directory ? name + "/" : name;
        }
    }

    /** A file as its row has it, right or not. */
    record Stored(String path, long size, String sha256) {}

    /** The next files in order of their paths, at most {@code limit}. */
    List<Stored> stored(String after, int limit);

    Optional<Row> find(String path);

    /** Inserts the file or replaces the one of the same path. */
    void put(Row row);

    /** Answers whether it was there. */
    boolean remove(String path);

    /** Removes all files below a folder, and answers how many. */
    int removeBelow(String directory);

    /** Every file below a folder, in the order of their paths. */
    List<Row> below(String directory);

    /** Whether a file is below this path. */
    boolean isDirectory(String path);

    /** The file, if any, that lies where this path needs a folder. */
    Optional<String> fileAbove(String path);

    /**
     * What is directly in a folder, in the order of their keys. What lies deeper is skipped, not read.
     *
     * @param after key of the child that the page before ended with; empty: the first page
     */
    List<Child> children(String directory, String after, int limit);

    /** Seals a folder; one that is sealed already keeps its first seal. */
    void seal(Seal seal);

    /** The seal on the path itself or on a folder above it. */
    Optional<Seal> sealOver(String path);

    /** A seal on a folder below this one. */
    Optional<Seal> sealWithin(String directory);
}
