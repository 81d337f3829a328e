package io.modelward.store.catalog.sql;

import io.modelward.core.search.DatasetScope;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.core.tracking.Measure;
import io.modelward.store.catalog.LoggedModels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlLoggedModels(Handle handle, Dialect dialect) implements LoggedModels {

    private static final String PARAMS = "logged_model_params";
    private static final String TAGS = "logged_model_tags";
    private static final String OWNER = "model";

    @Override
    public void insert(LoggedModel model) {
        handle.createUpdate(
                        "INSERT INTO logged_models (model, experiment, name, type, source_run, status, status_message,"
                                + " artifact_uri, created_at, updated_at, active) VALUES (:id, :experiment,"
                                + " :name, :type,"
                                + " :sourceRun, :status, :statusMessage, :artifactUri, :createdAt, :updatedAt, 1)")
                .bind("id", model.id())
                .bind("experiment", model.experiment())
                .bind("name", model.name())
                .bind("type", model.type())
                .bind("sourceRun", model.sourceRun())
                .bind("status", model.status().name())
                .bind("statusMessage", model.statusMessage())
                .bind("artifactUri", model.artifactUri())
                .bind("createdAt", model.createdAt())
                .bind("updatedAt", model.updatedAt())
                .execute();
    }

    @Override
    public Optional<LoggedModel> find(String id) {
        return handle.createQuery("SELECT * FROM logged_models WHERE model = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<LoggedModel> ofRun(String run, String name) {
        return handle.createQuery("SELECT * FROM logged_models WHERE name = :name AND source_run = :run AND active = 1"
                        + " ORDER BY created_at DESC, model LIMIT 1")
                .bind("name", name)
                .bind("run", run)
                .map((row, context) -> read(row))
                .findFirst();
    }

    @Override
    public void update(LoggedModel model) {
        handle.createUpdate("UPDATE logged_models SET status = :status, status_message = :message,"
                        + " updated_at = :updatedAt, active = :active, deleted_at = :deletedAt WHERE model = :id")
                .bind("id", model.id())
                .bind("status", model.status().name())
                .bind("message", model.statusMessage())
                .bind("updatedAt", model.updatedAt())
                .bind("active", model.active() ? 1 : 0)
                .bind("deletedAt", Columns.orNull(model.deletedAt()))
                .execute();
    }

    @Override
    public void deleteWith(long experiment, long at) {
        handle.createUpdate("UPDATE logged_models SET active = 0, deleted_at = :at WHERE experiment = :experiment"
                        + " AND active = 1")
                .bind("experiment", experiment)
                .bind("at", at)
                .execute();
    }

    @Override
    public void restoreWith(long experiment, long deletedAt) {
        handle.createUpdate("UPDATE logged_models SET active = 1, deleted_at = NULL WHERE experiment = :experiment"
                        + " AND active = 0 AND deleted_at = :at")
                .bind("experiment", experiment)
                .bind("at", deletedAt)
                .execute();
    }

    @Override
    public Optional<String> param(String model, String key) {
        return handle.createQuery("SELECT value FROM logged_model_params WHERE model = :model AND key = :key")
                .bind("model", model)
                .bind("key", key)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public void insertParam(String model, KeyValue param) {
        new Sides(handle).set(PARAMS, OWNER, model, param);
    }

    @Override
    public void setTag(String model, KeyValue tag) {
        new Sides(handle).set(TAGS, OWNER, model, tag);
    }

    @Override
    public boolean deleteTag(String model, String key) {
        return new Sides(handle).delete(TAGS, OWNER, model, key);
    }

    /** Rows compare from their first column on; what is no number counts as 0, as in the metrics of runs. */
    @Override
    public void measure(String model, Measure measure) {
        double value = measure.point().value();
        handle.createUpdate("INSERT INTO logged_model_metrics (model, key, run, dataset_name, dataset_digest,"
                        + " timestamp, step,"
                        + " is_nan, value) VALUES (:model, :key, :run, :name, :digest, :timestamp, :step,"
                        + " :nan, :value)"
                        + " ON CONFLICT (model, key, run, dataset_name, dataset_digest) DO UPDATE SET"
                        + " timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan,"
                        + " value = excluded.value WHERE (excluded.step, excluded.timestamp, excluded.value) >="
                        + " (logged_model_metrics.step, logged_model_metrics.timestamp,"
                        + " logged_model_metrics.value)")
                .bind("model", model)
                .bind("key", measure.point().key())
                .bind("run", measure.run())
                .bind("name", measure.datasetName())
                .bind("digest", measure.datasetDigest())
                .bind("timestamp", measure.point().timestamp())
                .bind("step", measure.point().step())
                .bind("nan", Double.isNaN(value) ? 1 : 0)
                .bind("value", Double.isNaN(value) ? 0 : value)
                .execute();
    }

    @Override
    public Map<String, List<KeyValue>> params(Collection<String> models) {
        return entries(models, PARAMS);
    }

    @Override
    public Map<String, List<KeyValue>> tags(Collection<String> models) {
        return entries(models, TAGS);
    }

    private Map<String, List<KeyValue>> entries(Collection<String> models, String table) {
        return new Sides(handle)
                .ofEach(
                        models,
                        "SELECT * FROM " + table + " WHERE model",
                        "model, key",
                        (row, context) -> row.getString(OWNER),
                        (row, context) -> Columns.entry(row));
    }

    @Override
    public Map<String, List<Measure>> measures(Collection<String> models) {
        return new Sides(handle)
                .ofEach(
                        models,
                        "SELECT * FROM logged_model_metrics WHERE model",
                        "model, key, run, dataset_name, dataset_digest",
                        (row, context) -> row.getString(OWNER),
                        (row, context) -> new Measure(
                                SqlMetrics.point(row),
                                row.getString("run"),
                                row.getString("dataset_name"),
                                row.getString("dataset_digest")));
    }

    @Override
    public Found<LoggedModel> search(Search search, List<DatasetScope> datasets) {
        Bindings bindings = new Bindings();
        List<String> conditions = new ArrayList<>();
        conditions.add("r.experiment IN " + bindings.list(search.experiments()));
        if (!datasets.isEmpty()) {
            conditions.add("r.model IN (SELECT d.model FROM logged_model_metrics d WHERE 1 = 1"
                    + Measured.on("d", datasets, bindings) + ")");
        }
        return new SearchSql(handle, dialect, SearchSource.LOGGED_MODELS)
                .run(search, conditions, bindings, (row, context) -> read(row));
    }

    private static LoggedModel read(ResultSet row) throws SQLException {
        return new LoggedModel(
                row.getString("model"),
                row.getLong("experiment"),
                row.getString("name"),
                row.getString("type"),
                row.getString("source_run"),
                LoggedModelStatus.valueOf(row.getString("status")),
                row.getString("status_message"),
                row.getString("artifact_uri"),
                row.getLong("created_at"),
                row.getLong("updated_at"),
                Columns.optionalLong(row, "deleted_at"));
    }
}
