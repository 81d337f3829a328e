package io.modelward.store.catalog.sql;

import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.store.catalog.Runs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

record SqlRuns(Handle handle, Dialect dialect) implements Runs {

    @Override
    public void insert(Run run) {
        handle.createUpdate(
                        "INSERT INTO runs (run, experiment, name, user_id, status, start_time, end_time, artifact_uri,"
                                + " active) VALUES (:id, :experiment, :name, :user, :status, :startTime,"
                                + " :endTime, :artifactUri, 1)")
                .bind("id", run.id())
                .bind("experiment", run.experiment())
                .bind("name", run.name())
                .bind("user", run.user())
                .bind("status", run.status().name())
                .bind("startTime", run.startTime())
                .bind("endTime", Columns.orNull(run.endTime()))
                .bind("artifactUri", run.artifactUri())
                .execute();
    }

    @Override
    public Optional<Run> find(String id) {
        return handle.createQuery("SELECT * FROM runs WHERE run = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void update(Run run) {
        handle.createUpdate("UPDATE runs SET name = :name, status = :status, end_time = :endTime, active = :active,"
                        + " deleted_at = :deletedAt WHERE run = :id")
                .bind("id", run.id())
                .bind("name", run.name())
                .bind("status", run.status().name())
                .bind("endTime", Columns.orNull(run.endTime()))
                .bind("active", run.active() ? 1 : 0)
                .bind("deletedAt", Columns.orNull(run.deletedAt()))
                .execute();
    }

    @Override
    public void deleteWith(long experiment, long at) {
        handle.createUpdate(
                        "UPDATE runs SET active = 0, deleted_at = :at WHERE experiment = :experiment AND active = 1")
                .bind("experiment", experiment)
                .bind("at", at)
                .execute();
    }

    @Override
    public void restoreWith(long experiment, long deletedAt) {
        handle.createUpdate(
                        "UPDATE runs SET active = 1, deleted_at = NULL WHERE experiment = :experiment AND active = 0"
                                + " AND deleted_at = :at")
                .bind("experiment", experiment)
                .bind("at", deletedAt)
                .execute();
    }

    @Override
    public Found<Run> search(Search search) {
        Bindings bindings = new Bindings();
        List<String> of = List.of("r.experiment IN " + bindings.list(search.experiments()));
        return new SearchSql(handle, dialect, SearchSource.RUNS).run(search, of, bindings, (row, context) -> read(row));
    }

    @Override
    public long count(long experiment, int most) {
        return handle.createQuery("SELECT COUNT(*) FROM (SELECT 1 AS one FROM runs WHERE experiment = :experiment"
                        + " AND active = 1 LIMIT :most) AS counted")
                .bind("experiment", experiment)
                .bind("most", most)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public OptionalLong lastStart(long experiment) {
        return handle.createQuery("SELECT start_time FROM runs WHERE experiment = :experiment AND active = 1"
                        + " ORDER BY start_time DESC LIMIT 1")
                .bind("experiment", experiment)
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    private static Run read(ResultSet row) throws SQLException {
        return new Run(
                row.getString("run"),
                row.getLong("experiment"),
                row.getString("name"),
                row.getString("user_id"),
                RunStatus.valueOf(row.getString("status")),
                row.getLong("start_time"),
                Columns.optionalLong(row, "end_time"),
                row.getString("artifact_uri"),
                Columns.optionalLong(row, "deleted_at"));
    }
}
