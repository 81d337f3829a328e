package io.modelward.runtime.python;

import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Schema;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RowReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a worker is told to load, read from the version's files.
 *
 * @param head of the LOAD frame
 * @param sample rows to test with: the version's own, or one of zeros that the signature allows
 * @param ownSample whether the sample is the version's; only then a failing test is fatal
 * @param savedWith the packages that the version was saved with
 */
record LoadPlan(String head, Optional<Instances> sample, boolean ownSample, Map<String, String> savedWith) {

    private static final String CODE = ".modelward/code/";
    private static final long MAX_DOCUMENT = 4 << 20;

    /** The file that holds the model, or empty when these files are not for a Python worker. */
    static Optional<String> artifact(List<FileEntry> files) {
        List<String> candidates = files.stream()
                .map(file -> file.path().value())
                .filter(path -> !path.startsWith(".modelward/"))
                .filter(path -> path.endsWith(".joblib") || path.endsWith(".pkl") || path.endsWith(".pickle"))
                .toList();
        if (candidates.contains("model.joblib")) {
            return Optional.of("model.joblib");
        }
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    static LoadPlan of(ModelSource source) throws IOException {
        String artifact = artifact(source.files())
                .orElseThrow(() -> ProblemException.refused(
                        "files",
                        "This version cannot be served: a Python worker needs a file model.joblib, or exactly one that ends in .joblib,"
                                + " .pkl or .pickle."));
        RowReader reader = RowReader.of(source.signature());
        ObjectNode head = Json.object().put("artifact", artifact);
        ArrayNode code = head.putArray("code");
        if (source.files().stream().anyMatch(file -> file.path().value().startsWith(CODE))) {
            code.add(CODE.substring(0, CODE.length() - 1));
        }
        List<String> columns = reader.columns();
        if (columns.isEmpty()) {
            head.putNull("columns");
        } else {
            columns.forEach(head.putArray("columns")::add);
        }
        if (source.signature().output().orElse(Schema.ANY) instanceof Schema.Obj output) {
            output.properties().keySet().forEach(head.putArray("output")::add);
        } else {
            head.putNull("output");
        }
        Optional<Instances> own = sample(source, reader);
        head.put("sample", own.isPresent());
        return new LoadPlan(
                Json.write(head),
                own.isPresent() ? own : reader.zeros(),
                own.isPresent(),
                savedWith(document(source, ".modelward/environment.json")));
    }

    private static Optional<Instances> sample(ModelSource source, RowReader reader) throws IOException {
        Optional<JsonNode> document = document(source, ".modelward/sample.json");
        if (document.isEmpty() || !document.get().path("instances").isArray()) {
            return Optional.empty();
        }
        List<JsonNode> rows = new ArrayList<>();
        document.get().get("instances").forEach(rows::add);
        return rows.isEmpty() ? Optional.empty() : Optional.of(reader.read(rows));
    }

    private static Map<String, String> savedWith(Optional<JsonNode> environment) {
        Map<String, String> packages = new TreeMap<>();
        environment.ifPresent(document -> {
            if (document.path("python").isString()) {
                packages.put("python", document.get("python").asString());
            }
            document.path("packages")
                    .properties()
                    .forEach(entry ->
                            packages.put(entry.getKey(), entry.getValue().asString("")));
        });
        return packages;
    }

    private static Optional<JsonNode> document(ModelSource source, String path) throws IOException {
        for (FileEntry file : source.files()) {
            if (file.path().value().equals(path) && file.size() <= MAX_DOCUMENT) {
                try (InputStream in = source.opener().open(file)) {
                    return Optional.of(Json.parse(in.readAllBytes(), path));
                }
            }
        }
        return Optional.empty();
    }
}
