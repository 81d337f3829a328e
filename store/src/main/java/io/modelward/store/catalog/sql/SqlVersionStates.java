package io.modelward.store.catalog.sql;

import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.version.ModelId;
import io.modelward.store.catalog.VersionStates;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

record SqlVersionStates(Handle handle) implements VersionStates {

    @Override
    public void insert(ModelId model, long ordinal, VersionState state) {
        bound(
                        handle.createUpdate("INSERT INTO version_states (version, model, ordinal, description, stage,"
                                        + " updated_at,"
                                        + " active, deleted_at) VALUES (:version, :model, :ordinal,"
                                        + " :description, :stage, :updated, :active,"
                                        + " :deleted)")
                                .bind("model", model.value())
                                .bind("ordinal", ordinal),
                        state)
                .execute();
    }

    @Override
    public Map<Long, VersionState> get(Collection<Long> versions) {
        Map<Long, VersionState> states = new HashMap<>();
        new Sides(handle)
                .ofEach(
                        versions,
                        "SELECT * FROM version_states WHERE version",
                        "version",
                        (row, context) -> row.getLong("version"),
                        (row, context) -> new VersionState(
                                row.getLong("version"),
                                row.getString("description"),
                                Stage.find(row.getString("stage")).orElseThrow(),
                                Instant.ofEpochMilli(row.getLong("updated_at")),
                                Columns.optionalInstant(row, "deleted_at")))
                .forEach((version, state) -> states.put(version, state.getFirst()));
        return states;
    }

    @Override
    public void update(VersionState state) {
        bound(
                        handle.createUpdate("UPDATE version_states SET description = :description, stage = :stage,"
                                + " updated_at = :updated, active = :active, deleted_at = :deleted WHERE"
                                + " version = :version"),
                        state)
                .execute();
    }

    @Override
    public List<Long> inStage(ModelId model, Stage stage, int limit) {
        return handle.createQuery("SELECT ordinal FROM version_states WHERE model = :model AND stage = :stage"
                        + " AND active = 1 ORDER BY ordinal DESC LIMIT :limit")
                .bind("model", model.value())
                .bind("stage", stage.label())
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    @Override
    public Optional<Long> newestIn(ModelId model, Stage stage) {
        return handle.createQuery("SELECT s.ordinal FROM version_states s WHERE s.model = :model AND s.stage = :stage"
                        + " AND s.active = 1"
                        + (stage == Stage.NONE
                                ? " AND NOT EXISTS (SELECT 1 FROM job_run_versions t JOIN job_runs r ON r.id = t.run"
                                        + " WHERE t.version = s.version AND (t.held = 1 OR r.started_by = 'REPRODUCE'))"
                                : "")
                        + " ORDER BY s.ordinal DESC LIMIT 1")
                .bind("model", model.value())
                .bind("stage", stage.label())
                .mapTo(Long.class)
                .findOne();
    }

    @Override
    public void deleteAll(ModelId model, Instant at) {
        handle.createUpdate("UPDATE version_states SET active = 0, deleted_at = :at, updated_at = :millis"
                        + " WHERE model = :model AND active = 1")
                .bind("model", model.value())
                .bind("at", Columns.micros(at))
                .bind("millis", at.toEpochMilli())
                .execute();
    }

    @Override
    public void restoreAll(ModelId model, Instant deletedAt, Instant at) {
        handle.createUpdate(
                        "UPDATE version_states SET active = 1, deleted_at = NULL, updated_at = :millis"
                                + " WHERE model = :model AND active = 0 AND deleted_at = :deleted"
                                + " AND NOT EXISTS (SELECT 1 FROM version_tombstones t WHERE t.version = version_states.version)")
                .bind("model", model.value())
                .bind("deleted", Columns.micros(deletedAt))
                .bind("millis", at.toEpochMilli())
                .execute();
    }

    private static Update bound(Update update, VersionState state) {
        return update.bind("version", state.version())
                .bind("description", state.description())
                .bind("stage", state.stage().label())
                .bind("updated", state.updatedAt().toEpochMilli())
                .bind("active", state.deletedAt().isEmpty() ? 1 : 0)
                .bind("deleted", Columns.microsOrNull(state.deletedAt()));
    }
}
