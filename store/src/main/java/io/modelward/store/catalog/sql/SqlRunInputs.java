package io.modelward.store.catalog.sql;

import io.modelward.core.json.Json;
import io.modelward.core.tracking.Dataset;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.DatasetSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.ModelUse;
import io.modelward.store.catalog.RunInputs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

record SqlRunInputs(Handle handle) implements RunInputs {

    /** The tag that says what a dataset was for. */
    private static final String CONTEXT = "mlflow.data.context";

    @Override
    public void insertDataset(long experiment, String run, DatasetInput input) {
        Dataset dataset = input.dataset();
        handle.createUpdate(
                        "INSERT INTO datasets (experiment, name, digest, source_type, source, schema, profile) VALUES"
                                + " (:experiment, :name, :digest, :sourceType, :source, :schema, :profile) ON"
                                + " CONFLICT DO NOTHING")
                .bind("experiment", experiment)
                .bind("name", dataset.name())
                .bind("digest", dataset.digest())
                .bind("sourceType", dataset.sourceType())
                .bind("source", dataset.source())
                .bind("schema", dataset.schema().orElse(null))
                .bind("profile", dataset.profile().orElse(null))
                .execute();
        ObjectNode tags = Json.object();
        input.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        handle.createUpdate("INSERT INTO run_datasets (run, name, digest, position, context, tags) VALUES (:run,"
                        + " :name, :digest,"
                        + " (SELECT coalesce(max(position), 0) + 1 FROM run_datasets WHERE run = :run),"
                        + " :context, :tags)"
                        + " ON CONFLICT DO NOTHING")
                .bind("run", run)
                .bind("name", dataset.name())
                .bind("digest", dataset.digest())
                .bind("context", tags.has(CONTEXT) ? tags.get(CONTEXT).stringValue() : null)
                .bind("tags", Json.write(tags))
                .execute();
    }

    @Override
    public Map<String, List<DatasetInput>> datasets(Collection<String> runs) {
        return new Sides(handle)
                .ofEach(
                        runs,
                        "SELECT i.run, i.tags, d.* FROM run_datasets i JOIN runs r ON r.run = i.run JOIN datasets d"
                                + " ON d.experiment = r.experiment AND d.name = i.name AND d.digest = i.digest"
                                + " WHERE i.run",
                        "i.run, i.position",
                        (row, context) -> row.getString("run"),
                        (row, context) -> input(row));
    }

    @Override
    public List<DatasetSummary> summaries(Collection<Long> experiments, int limit) {
        if (experiments.isEmpty()) {
            return List.of();
        }
        return handle.createQuery("SELECT DISTINCT r.experiment, i.name, i.digest, i.context FROM runs r"
                        + " JOIN run_datasets i ON i.run = r.run WHERE r.experiment IN (<experiments>)"
                        + " ORDER BY r.experiment, i.name, i.digest, i.context LIMIT :limit")
                .bindList("experiments", experiments)
                .bind("limit", limit)
                .map((row, context) -> new DatasetSummary(
                        row.getLong("experiment"),
                        row.getString("name"),
                        row.getString("digest"),
                        Optional.ofNullable(row.getString("context"))))
                .list();
    }

    private static DatasetInput input(ResultSet row) throws SQLException {
        List<KeyValue> tags = Json.parse(row.getString("tags"), "tags").properties().stream()
                .map(tag -> new KeyValue(tag.getKey(), tag.getValue().stringValue()))
                .toList();
        return new DatasetInput(
                new Dataset(
                        row.getString("name"),
                        row.getString("digest"),
                        row.getString("source_type"),
                        row.getString("source"),
                        Optional.ofNullable(row.getString("schema")),
                        Optional.ofNullable(row.getString("profile"))),
                tags);
    }

    @Override
    public void insertModel(String run, ModelUse use) {
        handle.createUpdate(
                        "INSERT INTO run_models (run, role, model, step, position) VALUES (:run, :role, :model, :step,"
                                + " (SELECT coalesce(max(position), 0) + 1 FROM run_models WHERE run = :run)) ON"
                                + " CONFLICT DO NOTHING")
                .bind("run", run)
                .bind("role", use.role().name().toLowerCase(Locale.ROOT))
                .bind("model", use.model())
                .bind("step", use.step())
                .execute();
    }

    @Override
    public Map<String, List<ModelUse>> models(Collection<String> runs) {
        return new Sides(handle)
                .ofEach(
                        runs,
                        "SELECT * FROM run_models WHERE run",
                        "run, position",
                        (row, context) -> row.getString("run"),
                        (row, context) -> new ModelUse(
                                ModelUse.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                                row.getString("model"),
                                row.getLong("step")));
    }
}
