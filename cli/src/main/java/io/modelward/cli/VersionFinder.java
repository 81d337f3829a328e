package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.Reference;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds the version that a reference means. */
final class VersionFinder {

    private VersionFinder() {}

    /** The whole version, with card and files. */
    static JsonNode find(ModelwardClient client, Reference reference) {
        JsonNode found = client.resolve(reference.model(), reference.selector().toString());
        return client.version(reference.model(), number(found));
    }

    /** The number of the version that a reference means now. */
    static SemVer resolve(ModelwardClient client, Reference reference) {
        return number(client.resolve(reference.model(), reference.selector().toString()));
    }

    /** The number in a reference that names one; what selects could mean another version tomorrow. */
    static SemVer exact(Reference reference) {
        if (reference.selector() instanceof Selector.Exact exact) {
            return exact.version();
        }
        throw new Usage("Name the exact version, as in " + reference.model() + "@1.2.0.");
    }

    static SemVer number(JsonNode version) {
        return SemVer.parse(Text.of(version, "version"));
    }

    /** Its files; a path that no version may hold is refused, whoever sent it. */
    static List<FileEntry> files(JsonNode version) {
        List<FileEntry> files = new ArrayList<>();
        version.path("files")
                .forEach(file -> files.add(new FileEntry(
                        FilePath.parse(Text.of(file, "path")),
                        file.path("size").asLong(-1),
                        Digest.parse(Text.of(file, "sha256")))));
        return files;
    }
}
