package io.modelward.core.search;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may be searched for.
 *
 * @param attributes their names and types
 * @param synonyms other names of attributes, in lower case
 */
public record Vocabulary(Set<Field.Kind> kinds, Map<String, Type> attributes, Map<String, String> synonyms) {

    /** What an attribute's values are. */
    public enum Type {
        TEXT,
        WHOLE,
        /** An item may have several texts, and is not ordered by them. */
        SEVERAL,
        /** Semantic versions. */
        VERSION,
        /** May be asked for an order, not in a filter. */
        ORDER_ONLY
    }

    private static final Map<String, Field.Kind> PREFIXES = Map.ofEntries(
            Map.entry("attribute", Field.Kind.ATTRIBUTE),
            Map.entry("attributes", Field.Kind.ATTRIBUTE),
            Map.entry("attr", Field.Kind.ATTRIBUTE),
            Map.entry("run", Field.Kind.ATTRIBUTE),
            Map.entry("metric", Field.Kind.METRIC),
            Map.entry("metrics", Field.Kind.METRIC),
            Map.entry("param", Field.Kind.PARAM),
            Map.entry("params", Field.Kind.PARAM),
            Map.entry("parameter", Field.Kind.PARAM),
            Map.entry("parameters", Field.Kind.PARAM),
            Map.entry("tag", Field.Kind.TAG),
            Map.entry("tags", Field.Kind.TAG),
            Map.entry("dataset", Field.Kind.DATASET),
            Map.entry("datasets", Field.Kind.DATASET));

    public static final Vocabulary RUNS = new Vocabulary(
            Set.of(Field.Kind.values()),
            Map.of(
                    "run_id", Type.TEXT,
                    "run_name", Type.TEXT,
                    "user_id", Type.TEXT,
                    "status", Type.TEXT,
                    "artifact_uri", Type.TEXT,
                    "experiment_id", Type.ORDER_ONLY,
                    "start_time", Type.WHOLE,
                    "end_time", Type.WHOLE),
            Map.of("created", "start_time", "run name", "run_name", "name", "run_name"));

    public static final Vocabulary EXPERIMENTS = new Vocabulary(
            Set.of(Field.Kind.ATTRIBUTE, Field.Kind.TAG),
            Map.of(
                    "name", Type.TEXT,
                    "experiment_id", Type.ORDER_ONLY,
                    "creation_time", Type.WHOLE,
                    "last_update_time", Type.WHOLE),
            Map.of());

    public static final Vocabulary MODELS = new Vocabulary(
            Set.of(Field.Kind.ATTRIBUTE, Field.Kind.TAG),
            Map.of(
                    "name", Type.TEXT,
                    "creation_timestamp", Type.ORDER_ONLY,
                    "last_updated_timestamp", Type.ORDER_ONLY),
            Map.of("timestamp", "last_updated_timestamp"));

    public static final Vocabulary VERSIONS = new Vocabulary(
            Set.of(Field.Kind.ATTRIBUTE, Field.Kind.METRIC, Field.Kind.PARAM, Field.Kind.TAG),
            Map.ofEntries(
                    Map.entry("name", Type.TEXT),
                    Map.entry("version_number", Type.WHOLE),
                    Map.entry("semver", Type.VERSION),
                    Map.entry("alias", Type.SEVERAL),
                    Map.entry("run_id", Type.TEXT),
                    Map.entry("model_id", Type.TEXT),
                    Map.entry("source_path", Type.TEXT),
                    Map.entry("current_stage", Type.TEXT),
                    Map.entry("status", Type.TEXT),
                    Map.entry("user_id", Type.TEXT),
                    Map.entry("digest", Type.TEXT),
                    Map.entry("creation_timestamp", Type.WHOLE),
                    Map.entry("last_updated_timestamp", Type.WHOLE)),
            Map.of("stage", "current_stage", "aliases", "alias", "version", "version_number", "source", "source_path"));

    public static final Vocabulary LOGGED_MODELS = new Vocabulary(
            Set.of(Field.Kind.ATTRIBUTE, Field.Kind.METRIC, Field.Kind.PARAM, Field.Kind.TAG),
            Map.of(
                    "model_id", Type.TEXT,
                    "name", Type.TEXT,
                    "model_type", Type.TEXT,
                    "status", Type.TEXT,
                    "source_run_id", Type.TEXT,
                    "experiment_id", Type.ORDER_ONLY,
                    "creation_timestamp", Type.WHOLE,
                    "last_updated_timestamp", Type.WHOLE),
            Map.of(
                    "creation_time", "creation_timestamp",
                    "creation_timestamp_ms", "creation_timestamp",
                    "last_updated_time", "last_updated_timestamp",
                    "last_updated_timestamp_ms", "last_updated_timestamp"));

    private static final Set<String> DATASET_FIELDS = Set.of("name", "digest", "context");

    /** The field of a prefix, empty for none, and a key. */
    Field field(String prefix, String key) {
        Field.Kind kind = prefix.isEmpty() ? Field.Kind.ATTRIBUTE : PREFIXES.get(prefix.toLowerCase(Locale.ROOT));
        if (kind == null || !kinds.contains(kind)) {
            throw new Unreadable("there is no kind of value named " + quote(prefix) + "; known are "
                    + kinds.stream()
                            .map(known -> known.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        return switch (kind) {
            case ATTRIBUTE ->
                new Field(kind, attribute(key).orElseThrow(() -> unknown("attribute", key, attributes.keySet())));
            case DATASET -> {
                if (!DATASET_FIELDS.contains(key)) {
                    throw unknown("dataset field", key, DATASET_FIELDS);
                }
                yield new Field(kind, key);
            }
            case METRIC, PARAM, TAG -> new Field(kind, key);
        };
    }

    private Optional<String> attribute(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        String known = synonyms.getOrDefault(name, name);
        return attributes.containsKey(known) ? Optional.of(known) : Optional.empty();
    }

    Type type(Field field) {
        return attributes.getOrDefault(field.key(), Type.TEXT);
    }

    private static Unreadable unknown(String what, String key, Set<String> known) {
        return new Unreadable("there is no " + what + " named " + quote(key) + "; known are "
                + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    private static String quote(String text) {
        return io.modelward.core.problem.Quoted.of(text);
    }
}
