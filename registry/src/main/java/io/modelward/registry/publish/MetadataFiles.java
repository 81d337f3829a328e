package io.modelward.registry.publish;

import io.modelward.core.audit.Change;
import io.modelward.core.card.Card;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.format.ReadableFiles;
import io.modelward.core.json.Json;
import io.modelward.core.json.Meter;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.memory.Reservation;
import io.modelward.core.mlflow.InputExample;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.mlflow.SavedWith;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.blob.BlobReading;
import io.modelward.store.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The files about a model that a client adds to the files of the model: {@code .modelward/signature.json} {features,
 * feature_names, input_schema}, {@code .modelward/sample.json} {instances}, {@code .modelward/environment.json} {python, packages};
 * or those that MLflow adds: {@code MLmodel} and its input example. All are optional. Where several describe the input,
 * the card counts first, then the client's files, then MLflow's.
 */
record MetadataFiles(
        Optional<JsonNode> signature,
        Optional<JsonNode> sample,
        Optional<JsonNode> environment,
        Optional<MlModel> mlflow,
        Optional<JsonNode> example,
        boolean inspected,
        Map<String, String> pickled) {

    private static final String FOLDER = ".modelward/";
    private static final long MAX_SIZE = 4 << 20;
    /** The most bytes that a tree takes for each byte of the text that it is read from. */
    private static final int TREE = 26;

    private static final String UNASKED =
            "the model could not be asked in time what it takes and gives, so its rows are not checked";

    private static final int MAX_FEATURES = 1_000_000;

    /**
     * Reads what lies beside the model.
     *
     * @param formats say what kind of model it is
     * @param memory for the documents and their trees; held for as long as the result is in use
     * @throws ProblemException also TOO_LARGE or OVERLOADED, when there is not the memory for them
     */
    static MetadataFiles read(BlobStore blobs, List<FileEntry> files, ModelFormats formats, Reservation memory) {
        Optional<MlModel> mlflow = bytes(blobs, files, MlModel.FILE, memory).map(content -> {
            memory.grow((long) content.length * TREE);
            return MlModel.parse(content);
        });
        ReadableFiles readable = new Readable(blobs, files, mlflow);
        Optional<ModelFormats.Detected> model = formats.of(readable);
        return new MetadataFiles(
                document(blobs, files, "signature.json", memory),
                document(blobs, files, "sample.json", memory),
                document(blobs, files, "environment.json", memory),
                mlflow,
                mlflow.flatMap(MlModel::example).flatMap(example -> example(blobs, files, example.path(), memory)),
                model.filter(detected -> detected.isInspected(readable)).isPresent(),
                model.map(detected -> detected.savedWith(readable)).orElse(Map.of()));
    }

    /** The files as a format reads them; MLflow's document is read once. */
    private record Readable(BlobStore blobs, List<FileEntry> files, Optional<MlModel> mlModel)
            implements ReadableFiles {

        @Override
        public byte[] read(FileEntry file, int most) {
            try (InputStream in = blobs.read(file.sha256())) {
                return in.readNBytes(most);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static Optional<JsonNode> document(
            BlobStore blobs, List<FileEntry> files, String name, Reservation memory) {
        String path = FOLDER + name;
        Optional<JsonNode> document =
                bytes(blobs, files, path, memory).map(content -> Json.parse(content, path, Meter.of(memory)));
        if (document.isPresent() && !document.get().isObject()) {
            throw ProblemException.refused(path, "This file is a JSON object.");
        }
        return document;
    }

    /**
     * MLflow's example, or none: it may be large, or be kept in a form that is not JSON, and the model is served
     * without it all the same.
     */
    private static Optional<JsonNode> example(BlobStore blobs, List<FileEntry> files, String path, Reservation memory) {
        try {
            return bytes(blobs, files, path, memory).map(content -> {
                memory.grow((long) content.length * TREE);
                return InputExample.parse(content, path);
            });
        } catch (ProblemException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> bytes(BlobStore blobs, List<FileEntry> files, String path, Reservation memory) {
        Optional<FileEntry> file = files.stream()
                .filter(entry -> entry.path().value().equals(path))
                .findFirst();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (file.get().size() > MAX_SIZE) {
            throw ProblemException.refused(path, "This file has at most " + (MAX_SIZE >> 20) + " MiB.");
        }
        memory.grow(file.get().size());
        long size = file.get().size();
        try (BlobReading in = blobs.open(file.get().sha256(), size, 0, size)) {
            return Optional.of(in.all());
        } catch (NoSuchFileException missing) {
            throw BlobStore.missing(file.get().sha256());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The version's signature: the schemas of the card; where the card has none, the schema that the client's files,
     * the sample or MLflow's files tell.
     */
    Signature signature(Card card) {
        Optional<Signature> logged = mlflow.flatMap(MlModel::signature);
        Signature own = own(card, logged.isEmpty());
        boolean silent = card.inputSchema().isEmpty() && signature.isEmpty() && sample.isEmpty();
        return new Signature(
                silent ? logged.map(Signature::input).orElse(own.input()) : own.input(),
                own.output().or(() -> logged.flatMap(Signature::output)));
    }

    /**
     * What is known of a version's signature.
     *
     * @param warnings what to tell whoever publishes about it
     */
    record Found(Signature signature, List<String> warnings) {}

    /**
     * The version's signature. Where no file tells it, and models of the format can be asked, the model is inspected.
     */
    Found found(Card card, ModelName model, Manifest manifest, Inspector inspector) {
        Signature told = signature(card);
        if (!worthInspecting(told)) {
            return new Found(told, List.of());
        }
        return inspector
                .inspect(model, manifest)
                .map(inspected -> new Found(inspected, List.of()))
                .orElseGet(() -> new Found(told, List.of(UNASKED)));
    }

    /** How the releases that the model was saved with differ from those that will load it. */
    List<String> ages(ModelName model, Manifest manifest, Inspector inspector) {
        Map<String, String> saved = new HashMap<>(pickled);
        saved.putAll(SavedWith.of(environment, mlflow));
        return saved.isEmpty()
                ? List.of()
                : SavedWith.differences(saved, inspector.releases(model, manifest), "will be loaded with");
    }

    private boolean worthInspecting(Signature told) {
        return inspected
                && told.input().row().equals(Schema.ANY)
                && told.output().isEmpty();
    }

    private Signature own(Card card, boolean fromExample) {
        OptionalInt features = OptionalInt.empty();
        List<String> names = new ArrayList<>();
        if (signature.isPresent()) {
            JsonNode count = signature.get().path("features");
            if (count.isIntegralNumber() && count.longValue() >= 0 && count.longValue() <= MAX_FEATURES) {
                features = OptionalInt.of(count.intValue());
            } else if (!count.isMissingNode() && !count.isNull()) {
                throw ProblemException.refused(FOLDER + "signature.json", "features is a whole number.");
            }
            for (JsonNode name : signature.get().path("feature_names")) {
                if (!name.isString()) {
                    throw ProblemException.refused(FOLDER + "signature.json", "feature_names is a list of strings.");
                }
                names.add(name.stringValue());
            }
        }
        Optional<JsonNode> rows = sample.map(document -> document.path("instances"))
                .filter(instances -> instances.isArray() && !instances.isEmpty())
                // What the card says of rows is a person's word, and holds.
                .map(instances -> card.inputSchema().isPresent() ? instances : withMissing(instances, names));
        // What the client found by trying counts where neither a person nor a sample says what a row is.
        Optional<JsonNode> row = card.inputSchema()
                .or(() -> rows.isPresent()
                        ? Optional.empty()
                        : signature.map(told -> told.path("input_schema")).filter(JsonNode::isObject));
        Signature known = Signature.of(row, card.outputSchema(), features, names, rows);
        Optional<ArrayNode> tried = fromExample && rows.isEmpty()
                ? example.flatMap(document -> InputExample.sample(document, known))
                : Optional.empty();
        if (tried.isEmpty()) {
            return known;
        }
        try {
            return Signature.of(row, card.outputSchema(), features, names, tried.map(JsonNode.class::cast));
        } catch (ProblemException noTable) {
            return known;
        }
    }

    /**
     * The rows of a sample, with one more that has null where the client found by trying that the model takes a missing
     * value.
     *
     * @param names of the columns, where rows are arrays and the client names columns
     */
    private JsonNode withMissing(JsonNode rows, List<String> names) {
        JsonNode missing = signature.map(told -> told.path("missing")).orElseGet(MissingNode::getInstance);
        JsonNode row = rows.get(0).deepCopy();
        boolean changed = false;
        for (JsonNode column : missing) {
            int place = column.isInt() ? column.intValue() : names.indexOf(column.asString(""));
            if (row instanceof ArrayNode cells && place >= 0 && place < cells.size()) {
                cells.setNull(place);
                changed = true;
            } else if (row instanceof ObjectNode cells && cells.has(column.asString(""))) {
                cells.putNull(column.asString(""));
                changed = true;
            }
        }
        return changed ? ((ArrayNode) rows.deepCopy()).add(row) : rows;
    }

    /** What the server knows about fields that a card may leave out. */
    Map<String, JsonNode> known(ModelName model, SemVer version, Signature of, Change change) {
        Map<String, JsonNode> known = new HashMap<>();
        known.put("name", StringNode.valueOf(model.name()));
        known.put("version", StringNode.valueOf(version.toString()));
        known.put("created_at", StringNode.valueOf(change.at().toString()));
        known.put("updated_at", StringNode.valueOf(change.at().toString()));
        known.put("author", StringNode.valueOf(change.actor()));
        if (environment.isPresent() && environment.get().path("packages").has("scikit-learn")) {
            known.put("framework", StringNode.valueOf("scikit-learn"));
        }
        mlflow.flatMap(MlModel::framework)
                .ifPresent(framework -> known.put("framework", StringNode.valueOf(framework)));
        of.input().width().ifPresent(width -> known.put("training_data.features", IntNode.valueOf(width)));
        return known;
    }

    static ArrayNode strings(List<String> values) {
        ArrayNode array = Json.array();
        values.forEach(array::add);
        return array;
    }
}
