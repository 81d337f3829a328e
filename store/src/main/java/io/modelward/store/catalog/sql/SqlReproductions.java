package io.modelward.store.catalog.sql;

import io.modelward.core.job.Reproduction;
import io.modelward.core.job.ReproductionReport;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Reproductions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlReproductions(Handle handle) implements Reproductions {

    @Override
    public void insert(Reproduction reproduction) {
        handle.createUpdate("INSERT INTO reproductions (run, version, tolerance, report)"
                        + " VALUES (:run, :version, :tolerance, :report)")
                .bind("run", reproduction.run())
                .bind("version", reproduction.version())
                .bind("tolerance", Double.toString(reproduction.tolerance()))
                .bind(
                        "report",
                        reproduction
                                .report()
                                .map(report -> Json.write(report.toJson()))
                                .orElse(null))
                .execute();
    }

    @Override
    public void report(String run, ReproductionReport report) {
        handle.createUpdate("UPDATE reproductions SET report = :report WHERE run = :run")
                .bind("run", run)
                .bind("report", Json.write(report.toJson()))
                .execute();
    }

    @Override
    public Optional<Reproduction> find(String run) {
        return handle.createQuery("SELECT * FROM reproductions WHERE run = :run")
                .bind("run", run)
                .map((row, context) -> reproduction(row))
                .findOne();
    }

    @Override
    public List<Reproduction> of(long version, int limit) {
        return handle.createQuery("SELECT reproductions.* FROM reproductions JOIN job_runs ON job_runs.id ="
                        + " reproductions.run WHERE version = :version ORDER BY job_runs.number DESC LIMIT :limit")
                .bind("version", version)
                .bind("limit", limit)
                .map((row, context) -> reproduction(row))
                .list();
    }

    private static Reproduction reproduction(ResultSet row) throws SQLException {
        return new Reproduction(
                row.getString("run"),
                row.getLong("version"),
                Double.parseDouble(row.getString("tolerance")),
                Optional.ofNullable(row.getString("report"))
                        .map(report -> ReproductionReport.fromJson(Json.parse(report, "report"))));
    }
}
