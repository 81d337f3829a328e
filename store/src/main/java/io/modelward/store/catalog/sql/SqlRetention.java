package io.modelward.store.catalog.sql;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.RetentionTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlRetention(Handle handle) implements RetentionTables {

    @Override
    public Optional<KeptRule> rule(RetentionScope scope) {
        return handle.createQuery("SELECT * FROM retention_rules WHERE scope = :scope")
                .bind("scope", scope.key())
                .map((row, context) -> rule(row))
                .findOne();
    }

    @Override
    public List<KeptRule> rules(int limit) {
        return handle.createQuery("SELECT * FROM retention_rules ORDER BY scope LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> rule(row))
                .list();
    }

    @Override
    public boolean anyRule() {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM retention_rules)")
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public void putRule(KeptRule rule) {
        changed(
                        handle.createUpdate("INSERT INTO retention_rules (scope, rule, changed_at, actor, verified,"
                                        + " reason) VALUES (:scope, :rule, :at, :actor, :verified, :reason)"
                                        + " ON CONFLICT (scope) DO UPDATE SET rule = excluded.rule,"
                                        + " changed_at = excluded.changed_at, actor = excluded.actor,"
                                        + " verified = excluded.verified, reason = excluded.reason")
                                .bind("scope", rule.scope().key())
                                .bind("rule", Json.write(rule.rule().toJson())),
                        rule.change())
                .execute();
    }

    @Override
    public boolean deleteRule(RetentionScope scope) {
        return handle.createUpdate("DELETE FROM retention_rules WHERE scope = :scope")
                        .bind("scope", scope.key())
                        .execute()
                > 0;
    }

    @Override
    public Map<Long, Change> holds(Collection<Long> versions) {
        Map<Long, Change> holds = new HashMap<>();
        new Sides(handle)
                .ofEach(
                        versions,
                        "SELECT * FROM version_holds WHERE version",
                        "version",
                        (row, context) -> row.getLong("version"),
                        (row, context) -> Columns.change(row, "changed_at"))
                .forEach((version, hold) -> holds.put(version, hold.getFirst()));
        return holds;
    }

    @Override
    public List<Long> held(ModelId model) {
        return of(
                        "SELECT h.version FROM version_holds h JOIN versions v ON v.id = h.version WHERE v.model = :model"
                                + " ORDER BY v.sort_key DESC",
                        model)
                .mapTo(Long.class)
                .list();
    }

    @Override
    public void hold(long version, Change change) {
        changed(
                        handle.createUpdate("INSERT INTO version_holds (version, changed_at, actor, verified, reason)"
                                        + " VALUES (:version, :at, :actor, :verified, :reason)")
                                .bind("version", version),
                        change)
                .execute();
    }

    @Override
    public boolean release(long version) {
        return handle.createUpdate("DELETE FROM version_holds WHERE version = :version")
                        .bind("version", version)
                        .execute()
                > 0;
    }

    @Override
    public List<Kept> versions(ModelId model) {
        return of(
                        "SELECT v.id, v.version, v.published_at, v.size, EXISTS (SELECT 1 FROM job_run_versions t"
                                + " JOIN reproductions p ON p.run = t.run WHERE t.version = v.id) AS again"
                                + " FROM versions v JOIN version_states s ON s.version = v.id WHERE v.model = :model AND s.active = 1",
                        model)
                .map((row, context) -> new Kept(
                        row.getLong("id"),
                        SemVer.parse(row.getString("version")),
                        Columns.instant(row, "published_at"),
                        row.getLong("size"),
                        row.getBoolean("again")))
                .list();
    }

    @Override
    public void insertParent(long version, long parent) {
        handle.createUpdate("INSERT INTO version_parents (version, parent) VALUES (:version, :parent)"
                        + " ON CONFLICT (version, parent) DO NOTHING")
                .bind("version", version)
                .bind("parent", parent)
                .execute();
    }

    @Override
    public Map<Long, List<Long>> parents(Collection<Long> versions) {
        return new Sides(handle)
                .ofEach(
                        versions,
                        "SELECT version, parent FROM version_parents WHERE version",
                        "version, parent",
                        (row, context) -> row.getLong("version"),
                        (row, context) -> row.getLong("parent"));
    }

    @Override
    public Map<Long, List<String>> childrenElsewhere(ModelId model) {
        return grouped(of(
                "SELECT p.parent AS id, m.model || '@' || c.version AS detail FROM versions v"
                        + " JOIN version_parents p ON p.parent = v.id JOIN versions c ON c.id = p.version"
                        + " JOIN version_states s ON s.version = c.id AND s.active = 1"
                        + " JOIN models m ON m.id = c.model WHERE v.model = :model AND c.model <> :model"
                        + " ORDER BY p.parent, c.id",
                model));
    }

    @Override
    public boolean isParent(long version) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM version_parents p JOIN version_states s"
                        + " ON s.version = p.version AND s.active = 1 WHERE p.parent = :version)")
                .bind("version", version)
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public List<Reference> references(ModelId model) {
        return new VersionReferences(handle).of(model);
    }

    @Override
    public List<Long> ofOpenDrafts(ModelId model, Instant now) {
        return of(
                        "SELECT DISTINCT v.id FROM drafts d JOIN draft_files f ON f.draft = d.id"
                                + " JOIN version_files o ON o.sha256 = f.sha256 JOIN versions v ON v.id = o.version"
                                + " WHERE v.model = :model AND d.model = :model AND d.published IS NULL"
                                + " AND d.expires_at > :now ORDER BY v.id",
                        model)
                .bind("now", Columns.micros(now))
                .mapTo(Long.class)
                .list();
    }

    @Override
    public Map<Long, List<String>> ofOpenRuns(ModelId model) {
        return grouped(of(
                "SELECT v.id, r.run AS detail FROM versions v JOIN version_origins o ON o.version = v.id"
                        + " JOIN runs r ON r.run = o.run WHERE v.model = :model AND r.active = 1"
                        + " AND r.status IN ('RUNNING', 'SCHEDULED')"
                        + " UNION SELECT v.id, r.run AS detail FROM versions v"
                        + " JOIN version_origins o ON o.version = v.id"
                        + " JOIN logged_models l ON l.model = o.logged_model JOIN runs r ON r.run = l.source_run"
                        + " WHERE v.model = :model AND r.active = 1 AND r.status IN ('RUNNING', 'SCHEDULED')"
                        + " UNION SELECT v.id, j.id AS detail FROM versions v"
                        + " JOIN reproductions p ON p.version = v.id JOIN job_runs j ON j.id = p.run"
                        + " WHERE v.model = :model AND j.state IN ('QUEUED', 'RUNNING')",
                model));
    }

    private static Map<Long, List<String>> grouped(Query query) {
        Map<Long, List<String>> found = new HashMap<>();
        query.map((row, context) -> Map.entry(row.getLong("id"), row.getString("detail")))
                .forEach(entry -> found.merge(
                        entry.getKey(),
                        List.of(entry.getValue()),
                        (one, more) -> java.util.stream.Stream.concat(one.stream(), more.stream())
                                .toList()));
        return found;
    }

    @Override
    public void insertTombstone(Tombstone tombstone) {
        changed(
                        handle.createUpdate("INSERT INTO version_tombstones (version, scope, rule, changed_at, actor,"
                                        + " verified, reason, undelete_until) VALUES (:version, :scope, :rule, :at,"
                                        + " :actor, :verified, :reason, :until)")
                                .bind("version", tombstone.version())
                                .bind("scope", tombstone.scope().key())
                                .bind("rule", Json.write(tombstone.rule().toJson()))
                                .bind("until", Columns.micros(tombstone.undeleteUntil())),
                        tombstone.deleted())
                .execute();
    }

    @Override
    public Optional<Tombstone> tombstone(long version) {
        return handle.createQuery("SELECT * FROM version_tombstones WHERE version = :version")
                .bind("version", version)
                .map((row, context) -> tombstone(row))
                .findOne();
    }

    @Override
    public void deleteTombstone(long version) {
        handle.createUpdate("DELETE FROM version_tombstones WHERE version = :version")
                .bind("version", version)
                .execute();
    }

    @Override
    public List<Tombstone> tombstones(ModelId model, int limit) {
        return of(
                        "SELECT t.* FROM version_tombstones t JOIN versions v ON v.id = t.version WHERE v.model = :model"
                                + " ORDER BY t.changed_at DESC, t.version DESC LIMIT :limit",
                        model)
                .bind("limit", limit)
                .map((row, context) -> tombstone(row))
                .list();
    }

    @Override
    public List<Tombstone> due(Instant before, long after, int limit) {
        return handle.createQuery("SELECT * FROM version_tombstones WHERE purged_at IS NULL"
                        + " AND undelete_until <= :before AND version > :after ORDER BY version LIMIT :limit")
                .bind("before", Columns.micros(before))
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> tombstone(row))
                .list();
    }

    @Override
    public long countDue(Instant before) {
        return handle.createQuery(
                        "SELECT count(*) FROM version_tombstones WHERE purged_at IS NULL AND undelete_until <= :before")
                .bind("before", Columns.micros(before))
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void purge(long version, Instant at) {
        handle.createUpdate("UPDATE version_tombstones SET purged_at = :at WHERE version = :version")
                .bind("at", Columns.micros(at))
                .bind("version", version)
                .execute();
        handle.createUpdate("DELETE FROM version_files WHERE version = :version AND EXISTS"
                        + " (SELECT 1 FROM version_tombstones t WHERE t.version = :version)")
                .bind("version", version)
                .execute();
    }

    private Query of(String sql, ModelId model) {
        return handle.createQuery(sql).bind("model", model.value());
    }

    private static <S extends SqlStatement<S>> S changed(S statement, Change change) {
        return statement
                .bind("at", Columns.micros(change.at()))
                .bind("actor", change.actor())
                .bind("verified", change.verified() ? 1 : 0)
                .bind("reason", change.reason());
    }

    private static RetentionRule read(ResultSet row) throws SQLException {
        try {
            return RetentionRule.fromJson(Columns.object(row, "rule"));
        } catch (ProblemException damaged) {
            throw Problem.of(ProblemType.DAMAGED, "A rule of retention cannot be read. Set it again.")
                    .exception();
        }
    }

    private static KeptRule rule(ResultSet row) throws SQLException {
        return new KeptRule(RetentionScope.of(row.getString("scope")), read(row), Columns.change(row, "changed_at"));
    }

    private static Tombstone tombstone(ResultSet row) throws SQLException {
        return new Tombstone(
                row.getLong("version"),
                RetentionScope.of(row.getString("scope")),
                read(row),
                Columns.change(row, "changed_at"),
                Columns.instant(row, "undelete_until"),
                Columns.optionalInstant(row, "purged_at"));
    }
}
