package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.runtime.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the small files of a version. */
final class SourceFiles {

    private static final long MOST_BYTES = 4 << 20;

    private SourceFiles() {}

    static boolean has(List<FileEntry> files, String path) {
        return files.stream().anyMatch(file -> file.path().value().equals(path));
    }

    /** The bytes of a file; empty when it is not there, or too large to be what it should be. */
    static Optional<byte[]> bytes(ModelSource source, String path) throws IOException {
        for (FileEntry file : source.files()) {
            if (file.path().value().equals(path) && file.size() <= MOST_BYTES) {
                try (InputStream in = source.opener().open(file)) {
                    return Optional.of(in.readAllBytes());
                }
            }
        }
        return Optional.empty();
    }

    /** The first bytes of a file, however large; empty when it is not there. */
    static Optional<byte[]> beginning(ModelSource source, String path, int most) throws IOException {
        for (FileEntry file : source.files()) {
            if (file.path().value().equals(path)) {
                try (InputStream in = source.opener().open(file)) {
                    return Optional.of(in.readNBytes(most));
                }
            }
        }
        return Optional.empty();
    }

    static Optional<JsonNode> document(ModelSource source, String path) throws IOException {
        return bytes(source, path).map(content -> Json.parse(content, path));
    }
}
