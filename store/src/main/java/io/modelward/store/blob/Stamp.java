package io.modelward.store.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What tells one state of a file from another without reading its bytes. Whoever writes to the file or replaces it
 * changes the stamp; a disk that forgets bits does not.
 */
record Stamp(Object file, long size, Object written, Object changed) {

    /** @throws java.nio.file.NoSuchFileException when the file is not there */
    static Stamp of(Path path) throws IOException {
        Map<String, Object> seen = Files.readAttributes(path, "unix:ino,size,lastModifiedTime,ctime");
        return new Stamp(
                seen.getOrDefault("ino", ""),
                ((Number) seen.getOrDefault("size", 0L)).longValue(),
                seen.getOrDefault("lastModifiedTime", ""),
                seen.getOrDefault("ctime", ""));
    }
}
