package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.Found;
import io.modelward.store.catalog.Runs;
import io.modelward.store.catalog.Search;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlRuns(Handle handle, Dialect dialect) implements Runs {

    @Override
    public void insert(Row row) {
        handle.createUpdate(
                        "INSERT INTO runs (run, experiment, name, user_id, status, start_time, end_time, artifact_uri,"
                                + " active) VALUES (:id, :experiment, :name, :user, :status, :startTime, :endTime, :artifactUri, 1)")
                .bind("id", row.id())
                .bind("experiment", row.experiment())
                .bind("name", row.name())
                .bind("user", row.user())
                .bind("status", row.status())
                .bind("startTime", row.startTime())
                .bind("endTime", Columns.orNull(row.endTime()))
                .bind("artifactUri", row.artifactUri())
                .execute();
    }

    @Override
    public Optional<Row> find(String id) {
        return handle.createQuery("SELECT * FROM runs WHERE run = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void update(Row row) {
        handle.createUpdate("UPDATE runs SET name = :name, status = :status, end_time = :endTime, active = :active,"
                        + " deleted_at = :deletedAt WHERE run = :id")
                .bind("id", row.id())
                .bind("name", row.name())
                .bind("status", row.status())
                .bind("endTime", Columns.orNull(row.endTime()))
                .bind("active", row.active() ? 1 : 0)
                .bind("deletedAt", Columns.orNull(row.deletedAt()))
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
    public Found<Row> search(Search search) {
        Bindings bindings = new Bindings();
        List<String> of = List.of("r.experiment IN " + bindings.list(search.experiments()));
        return new SearchSql(handle, dialect, SearchSource.RUNS).run(search, of, bindings, (row, context) -> read(row));
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getString("run"),
                row.getLong("experiment"),
                row.getString("name"),
                row.getString("user_id"),
                row.getString("status"),
                row.getLong("start_time"),
                Columns.optionalLong(row, "end_time"),
                row.getString("artifact_uri"),
                Columns.optionalLong(row, "deleted_at"));
    }
}
