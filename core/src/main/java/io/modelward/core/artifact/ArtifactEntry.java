package io.modelward.core.artifact;

/**
 * What is directly in a folder of artifacts: a file or a folder.
 *
 * @param name the last segment of the path
 * @param size bytes of a file, 0 for a folder
 */
public record ArtifactEntry(String name, boolean directory, long size) {

    /** What entries are ordered by and a page goes on after: a folder's name has its slash. */
    public String key() {
        return directory ? name + "/" : name;
    }
}
