package io.modelward.store.catalog.sql;

import io.modelward.core.search.Field;
import java.util.Map;
import java.util.Set;

/**
 * The tables that a search goes over.
 *
 * @param foreign how the side tables name {@code id}
 * @param columns of attributes
 * @param nullable the columns that may hold nothing
 * @param sides the tables of parameters, tags and latest metrics
 * @param whole the columns that hold whole numbers
 * @param measured whether a key of a metric may have many values, per run and dataset
 */
record SearchSource(
        String table,
        String id,
        String foreign,
        Map<String, String> columns,
        Set<String> nullable,
        Set<String> whole,
        Map<Field.Kind, String> sides,
        boolean measured) {

    static final SearchSource RUNS = new SearchSource(
            "runs",
            "run",
            "run",
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
            Map.of(Field.Kind.PARAM, "params", Field.Kind.TAG, "run_tags", Field.Kind.METRIC, "latest_metrics"),
            false);

    static final SearchSource LOGGED_MODELS = new SearchSource(
            "logged_models",
            "model",
            "model",
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
                    Field.Kind.PARAM, "logged_model_params",
                    Field.Kind.TAG, "logged_model_tags",
                    Field.Kind.METRIC, "logged_model_metrics"),
            true);

    static final SearchSource EXPERIMENTS = new SearchSource(
            "experiments",
            "id",
            "experiment",
            Map.of(
                    "name", "name",
                    "experiment_id", "id",
                    "creation_time", "created_at",
                    "last_update_time", "updated_at"),
            Set.of(),
            Set.of("id", "created_at", "updated_at"),
            Map.of(Field.Kind.TAG, "experiment_tags"),
            false);

    /** A name from the fixed tables above; what callers write never gets into the text of a statement. */
    String column(Field field) {
        return known(columns.get(field.key()), field);
    }

    String side(Field field) {
        return known(sides.get(field.kind()), field);
    }

    private static String known(@org.jspecify.annotations.Nullable String name, Field field) {
        if (name == null) {
            throw new IllegalStateException("no column for " + field.kind());
        }
        return name;
    }
}
