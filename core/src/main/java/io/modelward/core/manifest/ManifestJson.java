package io.modelward.core.manifest;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.CanonicalJson;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The bytes of a manifest. */
final class ManifestJson {

    private static final String FIELD = "manifest";

    private ManifestJson() {}

    static byte[] write(List<FileEntry> files, Digest card) {
        return CanonicalJson.bytes(tree(files, card));
    }

    static ObjectNode tree(List<FileEntry> files, Digest card) {
        ObjectNode manifest = Json.object().put("card", card.toString());
        ArrayNode entries = manifest.putArray("files");
        for (FileEntry file : files) {
            entries.addObject()
                    .put("path", file.path().value())
                    .put("sha256", file.sha256().toString())
                    .put("size", file.size());
        }
        return manifest;
    }

    static Manifest read(byte[] bytes) {
        JsonNode json = Json.parse(bytes, FIELD);
        List<FileEntry> files = new ArrayList<>();
        Manifest manifest;
        try {
            for (JsonNode file : json.path("files")) {
                files.add(new FileEntry(
                        FilePath.parse(text(file, "path")),
                        file.path("size").asLong(-1),
                        Digest.parse(text(file, "sha256"))));
            }
            Digest card = Digest.parse(text(json, "card"));
            manifest = files.isEmpty() ? Manifest.reference(card) : Manifest.of(files, card);
        } catch (ProblemException wrong) {
            throw ProblemException.invalid(FIELD, wrong.problem().detail());
        }
        if (!Arrays.equals(manifest.bytes(), bytes)) {
            throw ProblemException.invalid(FIELD, "These bytes are not the canonical form of a manifest.");
        }
        return manifest;
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).stringValue("");
    }
}
