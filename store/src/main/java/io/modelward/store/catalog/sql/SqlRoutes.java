package io.modelward.store.catalog.sql;

import io.modelward.core.route.Endpoint;
import io.modelward.core.route.EndpointDeletion;
import io.modelward.core.route.RolloutStep;
import io.modelward.core.route.RouteRevision;
import io.modelward.store.catalog.Routes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

record SqlRoutes(Handle handle) implements Routes {

    private static final String THERE = " NOT EXISTS (SELECT 1 FROM endpoint_deletions d WHERE d.endpoint = e.endpoint"
            + " AND d.revision = e.revision)";

    @Override
    public List<Endpoint> endpoints() {
        return handle.createQuery("SELECT * FROM endpoints e WHERE" + THERE + " ORDER BY endpoint")
                .map((row, context) -> endpoint(row))
                .list();
    }

    @Override
    public Optional<Endpoint> endpoint(String endpoint) {
        return handle.createQuery("SELECT * FROM endpoints e WHERE endpoint = :endpoint AND" + THERE)
                .bind("endpoint", endpoint)
                .map((row, context) -> endpoint(row))
                .findOne();
    }

    @Override
    public Optional<Endpoint> known(String endpoint) {
        return handle.createQuery("SELECT * FROM endpoints WHERE endpoint = :endpoint")
                .bind("endpoint", endpoint)
                .map((row, context) -> endpoint(row))
                .findOne();
    }

    @Override
    public void delete(EndpointDeletion deletion) {
        handle.createUpdate("INSERT INTO endpoint_deletions (endpoint, revision, changed_at, actor, verified, reason)"
                        + " SELECT e.endpoint, e.revision, :at, :actor, :verified, :reason FROM endpoints e"
                        + " WHERE e.endpoint = :endpoint AND e.revision = :revision")
                .bind("endpoint", deletion.endpoint())
                .bind("revision", deletion.revision())
                .bind("at", Columns.micros(deletion.change().at()))
                .bind("actor", deletion.change().actor())
                .bind("verified", deletion.change().verified() ? 1 : 0)
                .bind("reason", deletion.change().reason())
                .execute();
    }

    @Override
    public List<EndpointDeletion> deletions(String endpoint) {
        return handle.createQuery("SELECT * FROM endpoint_deletions WHERE endpoint = :endpoint ORDER BY revision")
                .bind("endpoint", endpoint)
                .map((row, context) -> new EndpointDeletion(
                        row.getString("endpoint"), row.getLong("revision"), Columns.change(row, "changed_at")))
                .list();
    }

    @Override
    public Optional<Endpoint> endpointByNumber(int number) {
        return handle.createQuery("SELECT * FROM endpoints WHERE number = :number")
                .bind("number", number)
                .map((row, context) -> endpoint(row))
                .findOne();
    }

    @Override
    public List<RouteRevision> current() {
        return handle.createQuery("SELECT r.* FROM endpoints e"
                        + " JOIN route_revisions r ON r.endpoint = e.endpoint AND r.revision = e.revision WHERE" + THERE
                        + " ORDER BY e.endpoint")
                .map((row, context) -> revision(row))
                .list();
    }

    @Override
    public Endpoint insertEndpoint(String endpoint, Instant createdAt) {
        handle.createUpdate("INSERT INTO endpoints (endpoint, number, revision, created_at) VALUES (:endpoint,"
                        + " (SELECT coalesce(max(number), 0) + 1 FROM endpoints), 0, :at)")
                .bind("endpoint", endpoint)
                .bind("at", Columns.micros(createdAt))
                .execute();
        return endpoint(endpoint).orElseThrow();
    }

    @Override
    public void insertRevision(RouteRevision row) {
        int moved = handle.createUpdate("UPDATE endpoints SET revision = :revision"
                        + " WHERE endpoint = :endpoint AND revision = :revision - 1")
                .bind("endpoint", row.endpoint())
                .bind("revision", row.revision())
                .execute();
        if (moved != 1) {
            throw new IllegalStateException("route revisions are numbered without a gap");
        }
        Inserted.into(RowHash.ROUTE_REVISIONS)
                .with(row.endpoint())
                .with(row.revision())
                .with(row.cause())
                .with(row.encodedArms().text())
                .with(row.encodedContract().text())
                .with(row.contractChanged() ? 1 : 0)
                .with(row.rolloutStep().map(RolloutStep::rollout).orElse(null))
                .with(row.rolloutStep().map(RolloutStep::step).orElse(null))
                .with(Columns.micros(row.change().at()))
                .with(row.change().actor())
                .with(row.change().verified() ? 1 : 0)
                .with(row.change().reason())
                .execute(handle);
    }

    @Override
    public Optional<RouteRevision> revision(String endpoint, long revision) {
        return handle.createQuery("SELECT * FROM route_revisions WHERE endpoint = :endpoint AND revision = :revision")
                .bind("endpoint", endpoint)
                .bind("revision", revision)
                .map((row, context) -> revision(row))
                .findOne();
    }

    @Override
    public List<RouteRevision> revisions(String endpoint, long before, int limit) {
        return handle.createQuery("SELECT * FROM route_revisions WHERE endpoint = :endpoint AND revision < :before"
                        + " ORDER BY revision DESC LIMIT :limit")
                .bind("endpoint", endpoint)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> revision(row))
                .list();
    }

    @Override
    public Map<Integer, Long> lastRevisions() {
        return handle
                .createQuery("SELECT number, revision FROM endpoints")
                .map((row, context) -> Map.entry(row.getInt("number"), row.getLong("revision")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<RouteRevision> allRevisions(String endpoint) {
        return handle.createQuery("SELECT * FROM route_revisions WHERE endpoint = :endpoint ORDER BY revision")
                .bind("endpoint", endpoint)
                .map((row, context) -> revision(row))
                .list();
    }

    private static Endpoint endpoint(ResultSet row) throws SQLException {
        return new Endpoint(
                row.getString("endpoint"),
                row.getInt("number"),
                row.getLong("revision"),
                Columns.instant(row, "created_at"));
    }

    private static RouteRevision revision(ResultSet row) throws SQLException {
        int step = row.getInt("step");
        return RouteRevision.read(
                row.getString("endpoint"),
                row.getLong("revision"),
                row.getString("cause"),
                row.getString("arms"),
                row.getString("contract"),
                row.getLong("contract_changed") == 1,
                Optional.ofNullable(row.getString("rollout")).map(rollout -> new RolloutStep(rollout, step)),
                Columns.change(row, "changed_at"));
    }
}
