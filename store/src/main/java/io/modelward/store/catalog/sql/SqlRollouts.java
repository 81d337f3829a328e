package io.modelward.store.catalog.sql;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.store.catalog.Rollouts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

record SqlRollouts(Handle handle) implements Rollouts {

    @Override
    public Optional<RolloutRecord> find(String id) {
        return one(handle.createQuery("SELECT * FROM rollouts WHERE id = :id").bind("id", id));
    }

    @Override
    public Optional<RolloutRecord> findByKey(String endpoint, String idempotencyKey) {
        return one(handle.createQuery("SELECT * FROM rollouts WHERE endpoint = :endpoint AND idempotency_key = :key")
                .bind("endpoint", endpoint)
                .bind("key", idempotencyKey));
    }

    @Override
    public Optional<RolloutRecord> atWork(String endpoint) {
        return one(handle.createQuery("SELECT * FROM rollouts WHERE endpoint = :endpoint AND phase = 'at_work'")
                .bind("endpoint", endpoint));
    }

    @Override
    public Optional<RolloutRecord> firstQueued(String endpoint) {
        return one(handle.createQuery("SELECT * FROM rollouts WHERE endpoint = :endpoint AND phase = 'queued'"
                        + " ORDER BY number LIMIT 1")
                .bind("endpoint", endpoint));
    }

    @Override
    public List<RolloutRecord> open() {
        return handle.createQuery("SELECT * FROM rollouts WHERE phase <> 'ended' ORDER BY endpoint, number")
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public List<RolloutRecord> list(String endpoint, long before, int limit) {
        return handle.createQuery("SELECT * FROM rollouts WHERE endpoint = :endpoint AND number < :before"
                        + " ORDER BY number DESC LIMIT :limit")
                .bind("endpoint", endpoint)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public RolloutRecord insert(Rollout rollout, Optional<String> idempotencyKey, String request, Change started) {
        handle.createUpdate("INSERT INTO rollouts (id, endpoint, number, state, phase, version, attended, document,"
                        + " idempotency_key, request, created_at, updated_at, actor, verified, reason) VALUES"
                        + " (:id, :endpoint,"
                        + " (SELECT coalesce(max(number), 0) + 1 FROM rollouts WHERE endpoint = :endpoint),"
                        + " :state, :phase, 1, 1,"
                        + " :document, :key, :request, :at, :at, :actor, :verified, :reason)")
                .bind("id", rollout.id())
                .bind("endpoint", rollout.endpoint())
                .bind("state", rollout.state().name())
                .bind("phase", phase(rollout.state()))
                .bind("document", rollout.toJson())
                .bind("key", idempotencyKey.orElse(null))
                .bind("request", request)
                .bind("at", Columns.micros(started.at()))
                .bind("actor", started.actor())
                .bind("verified", started.verified() ? 1 : 0)
                .bind("reason", started.reason())
                .execute();
        return find(rollout.id()).orElseThrow();
    }

    @Override
    public long update(Rollout rollout, long version, Instant at) {
        int changed = handle.createUpdate(
                        "UPDATE rollouts SET state = :state, phase = :phase, version = version + 1, attended = 1,"
                                + " document = :document, updated_at = :at WHERE id = :id AND version = :version")
                .bind("id", rollout.id())
                .bind("state", rollout.state().name())
                .bind("phase", phase(rollout.state()))
                .bind("document", rollout.toJson())
                .bind("at", Columns.micros(at))
                .bind("version", version)
                .execute();
        if (changed != 1) {
            throw ProblemException.conflict("The rollout was changed meanwhile. Look at it and decide again.");
        }
        return version + 1;
    }

    @Override
    public void leave(String id) {
        handle.createUpdate("UPDATE rollouts SET attended = 0 WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    private static String phase(RolloutState state) {
        return state.atWork() ? "at_work" : state.ended() ? "ended" : "queued";
    }

    @Override
    public void insertTick(String rollout, ScoredTick tick, byte[] keys) {
        new SqlEvidence(handle).insert(rollout, tick, keys);
    }

    @Override
    public void forEachTick(String rollout, long after, long to, Consumer<ScoredTick> consumer) {
        new SqlEvidence(handle).forEachTick(rollout, after, to, consumer);
    }

    @Override
    public void forEachKeys(String rollout, Consumer<byte[]> consumer) {
        new SqlEvidence(handle).forEachKeys(rollout, consumer);
    }

    @Override
    public void quarantine(Quarantine quarantine) {
        new SqlQuarantines(handle).insert(quarantine);
    }

    @Override
    public Optional<Quarantine> quarantined(String endpoint, Digest digest) {
        return quarantines(endpoint).stream()
                .filter(quarantine -> quarantine.digest().equals(digest))
                .findFirst();
    }

    @Override
    public List<Quarantine> quarantines(String endpoint) {
        return new SqlQuarantines(handle).list(endpoint);
    }

    @Override
    public void release(String endpoint, Digest digest, Instant at) {
        new SqlQuarantines(handle).release(endpoint, digest, at);
    }

    private static Optional<RolloutRecord> one(Query query) {
        return query.map((row, context) -> row(row)).findOne();
    }

    private static RolloutRecord row(ResultSet row) throws SQLException {
        return new RolloutRecord(
                Rollout.fromJson(row.getString("document")),
                row.getLong("number"),
                row.getLong("version"),
                row.getLong("attended") == 1,
                Optional.ofNullable(row.getString("idempotency_key")),
                row.getString("request"),
                Columns.instant(row, "updated_at"),
                Columns.change(row, "created_at"));
    }
}
