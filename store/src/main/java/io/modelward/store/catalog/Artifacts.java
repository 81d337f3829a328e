package io.modelward.store.catalog;

import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import java.util.List;
import java.util.Optional;

/**
 * The files that runs and models keep with this server, by path below the artifact root. A folder is there as long as a
 * file is below it. The root is the empty path.
 */
public interface Artifacts {

    /** A file as its row has it, right or not. */
    record Stored(String path, long size, String sha256) {}

    /** The next files in order of their paths, at most {@code limit}. */
    List<Stored> stored(String after, int limit);

    Optional<Artifact> find(ArtifactPath path);

    /** Inserts the file or replaces the one of the same path. */
    void put(Artifact artifact);

    /** Answers whether it was there. */
    boolean remove(ArtifactPath path);

    /** Removes all files below a folder, and answers how many. */
    int removeBelow(ArtifactPath directory);

    /** Every file below a folder, in the order of their paths. */
    List<Artifact> below(ArtifactPath directory);

    /** Whether a file is below this path. */
    boolean isDirectory(ArtifactPath path);

    /** The file, if any, that lies where this path needs a folder. */
    Optional<ArtifactPath> fileAbove(ArtifactPath path);

    /**
     * What is directly in a folder, in the order of their keys. What lies deeper is skipped, not read.
     *
     * @param after key of the entry that the page before ended with; empty: the first page
     */
    List<ArtifactEntry> children(ArtifactPath directory, String after, int limit);

    /** Seals a folder; one that is sealed already keeps its first seal. */
    void seal(ArtifactSeal seal);

    /** The seal on the path itself or on a folder above it. */
    Optional<ArtifactSeal> sealOver(ArtifactPath path);

    /** A seal on a folder below this one. */
    Optional<ArtifactSeal> sealWithin(ArtifactPath directory);
}
