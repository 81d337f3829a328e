package io.modelward.store.catalog.sql;

import io.modelward.core.search.Field;
import java.util.Map;
import java.util.Set;

/**
 * The tables that a search goes over.
 *
 * @param columns of attributes
 * @param nullable the columns that may hold nothing
 * @param sides the tables of metrics, parameters and tags
 * @param whole the columns that hold whole numbers
 * @param several attributes of which an item may have several
 * @param falseWhenAbsent the tags that count as different from every value where they are not set, as MLflow's clients
 *     rely on
 * @param reach how rows are held to what the caller may see
 */
record SearchSource(
        String table,
        Map<String, String> columns,
        Set<String> nullable,
        Set<String> whole,
        Map<Field.Kind, Side> sides,
        Map<String, Several> several,
        Set<String> falseWhenAbsent,
        ReachSql reach) {

    private static final Set<String> PROMPT = Set.of("mlflow.prompt.is_prompt");

    /**
     * A table of keys and values beside the items.
     *
     * @param owner its column that names the item
     * @param id the item's column that it names
     * @param measured whether a key may have many values, per run and dataset
     */
    record Side(String table, String owner, String id, boolean measured) {

        Side(String table, String owner, String id) {
            this(table, owner, id, false);
        }
    }

    /**
     * Values beside the items: {@code value} is a column of table {@code s}, {@code whose} joins it to item {@code r}.
     */
    record Several(String table, String value, String whose) {}

    static final SearchSource RUNS = new SearchSource(
            "runs",
            Map.of(
                    "run_id", "run",
                    "run_name", "name",
                    "user_id", "user_id",
                    "status", "status",
                    "artifact_uri", "artifact_uri",
                    "experiment_id", "experiment",
                    "start_time", "start_time",
                    "end_time", "end_time"),
            Set.of("end_time"),
            Set.of("experiment", "start_time", "end_time"),
            Map.of(
                    Field.Kind.METRIC, new Side("latest_metrics", "run", "run"),
                    Field.Kind.PARAM, new Side("params", "run", "run"),
                    Field.Kind.TAG, new Side("run_tags", "run", "run")),
            Map.of(),
            Set.of(),
            ReachSql.RUNS);

    static final SearchSource LOGGED_MODELS = new SearchSource(
            "logged_models",
            Map.of(
                    "model_id", "model",
                    "name", "name",
                    "model_type", "type",
                    "status", "status",
                    "source_run_id", "source_run",
                    "experiment_id", "experiment",
                    "creation_timestamp", "created_at",
                    "last_updated_timestamp", "updated_at"),
            Set.of(),
            Set.of("experiment", "created_at", "updated_at"),
            Map.of(
                    Field.Kind.PARAM, new Side("logged_model_params", "model", "model"),
                    Field.Kind.TAG, new Side("logged_model_tags", "model", "model"),
                    Field.Kind.METRIC, new Side("logged_model_metrics", "model", "model", true)),
            Map.of(),
            Set.of(),
            ReachSql.LOGGED_MODELS);

    static final SearchSource EXPERIMENTS = new SearchSource(
            "experiments",
            Map.of(
                    "name", "name",
                    "experiment_id", "id",
                    "creation_time", "created_at",
                    "last_update_time", "updated_at"),
            Set.of(),
            Set.of("id", "created_at", "updated_at"),
            Map.of(Field.Kind.TAG, new Side("experiment_tags", "experiment", "id")),
            Map.of(),
            Set.of(),
            ReachSql.EXPERIMENTS);

    static final SearchSource MODELS = new SearchSource(
            "models",
            Map.of("name", "name", "creation_timestamp", "created_at", "last_updated_timestamp", "updated_at"),
            Set.of(),
            Set.of("created_at", "updated_at"),
            Map.of(Field.Kind.TAG, new Side("model_tags", "model", "id")),
            Map.of(),
            PROMPT,
            ReachSql.MODELS);

    static final SearchSource VERSIONS = new SearchSource(
            "version_search",
            Map.ofEntries(
                    Map.entry("name", "name"),
                    Map.entry("version_number", "ordinal"),
                    Map.entry("semver", "sort_key"),
                    Map.entry("run_id", "run"),
                    Map.entry("model_id", "logged_model"),
                    Map.entry("source_path", "source"),
                    Map.entry("current_stage", "stage"),
                    Map.entry("status", "status"),
                    Map.entry("user_id", "user_id"),
                    Map.entry("digest", "digest"),
                    Map.entry("creation_timestamp", "created_at"),
                    Map.entry("last_updated_timestamp", "updated_at")),
            Set.of("run", "logged_model"),
            Set.of("ordinal", "created_at", "updated_at"),
            Map.of(
                    Field.Kind.METRIC, new Side("latest_metrics", "run", "run"),
                    Field.Kind.PARAM, new Side("params", "run", "run"),
                    Field.Kind.TAG, new Side("version_tags", "version", "id")),
            Map.of("alias", new Several("aliases", "s.alias", "s.model = r.model AND s.ordinal = r.ordinal")),
            PROMPT,
            ReachSql.VERSIONS);

    /** A name from the fixed tables above; what callers write never gets into the text of a statement. */
    String column(Field field) {
        return known(columns.get(field.key()), field);
    }

    Side side(Field field) {
        return known(sides.get(field.kind()), field);
    }

    private static <T> T known(@org.jspecify.annotations.Nullable T found, Field field) {
        if (found == null) {
            throw new IllegalStateException("no column for " + field.kind());
        }
        return found;
    }
}
