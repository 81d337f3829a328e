package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.TrackingPurges;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlTrackingPurges(Handle handle) implements TrackingPurges {

    private static final String RUNS = "SELECT r.run AS id, r.artifact_uri FROM runs r WHERE r.active = 0"
            + " AND r.deleted_at <= :before"
            + " AND NOT EXISTS (SELECT 1 FROM version_origins o WHERE o.run = r.run)"
            + " AND NOT EXISTS (SELECT 1 FROM logged_models m WHERE m.source_run = r.run)";

    private static final String MODELS = "SELECT m.model AS id, m.artifact_uri FROM logged_models m WHERE m.active = 0"
            + " AND m.deleted_at <= :before"
            + " AND NOT EXISTS (SELECT 1 FROM version_origins o WHERE o.logged_model = m.model)";

    @Override
    public List<Leftover> runs(long deletedBy, String after, int most) {
        return list(RUNS + " AND r.run > :after ORDER BY r.run LIMIT :most", deletedBy, after, most);
    }

    @Override
    public Optional<Leftover> run(String id, long deletedBy) {
        return one(RUNS + " AND r.run = :id", id, deletedBy);
    }

    @Override
    public List<Leftover> models(long deletedBy, String after, int most) {
        return list(MODELS + " AND m.model > :after ORDER BY m.model LIMIT :most", deletedBy, after, most);
    }

    @Override
    public Optional<Leftover> model(String id, long deletedBy) {
        return one(MODELS + " AND m.model = :id", id, deletedBy);
    }

    private List<Leftover> list(String sql, long deletedBy, String after, int most) {
        return handle.createQuery(sql)
                .bind("before", deletedBy)
                .bind("after", after)
                .bind("most", most)
                .map((row, context) -> new Leftover(row.getString("id"), row.getString("artifact_uri")))
                .list();
    }

    private Optional<Leftover> one(String sql, String id, long deletedBy) {
        return handle.createQuery(sql)
                .bind("before", deletedBy)
                .bind("id", id)
                .map((row, context) -> new Leftover(row.getString("id"), row.getString("artifact_uri")))
                .findOne();
    }

    @Override
    public void purgeRun(String id) {
        for (String table :
                List.of("params", "run_tags", "metrics", "latest_metrics", "run_datasets", "run_models", "runs")) {
            delete(table, "run", id);
        }
        delete("access_creators", "thing", "run:" + id);
    }

    @Override
    public void purgeModel(String id) {
        for (String table : List.of(
                "logged_model_params", "logged_model_tags", "logged_model_metrics", "run_models", "logged_models")) {
            delete(table, "model", id);
        }
        delete("access_creators", "thing", "logged-model:" + id);
    }

    private void delete(String table, String column, String id) {
        handle.createUpdate("DELETE FROM " + table + " WHERE " + column + " = :id")
                .bind("id", id)
                .execute();
    }
}
