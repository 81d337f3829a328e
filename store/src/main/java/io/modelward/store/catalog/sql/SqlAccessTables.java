package io.modelward.store.catalog.sql;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.AccessTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

record SqlAccessTables(Handle handle) implements AccessTables {

    @Override
    public long revision() {
        return handle.createQuery("SELECT revision FROM access_revision WHERE id = 1")
                .mapTo(Long.class)
                .one();
    }

    private long next() {
        return handle.createQuery("UPDATE access_revision SET revision = revision + 1 WHERE id = 1 RETURNING revision")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public Optional<KnownSubject> subject(Subject subject) {
        return handle.createQuery("SELECT * FROM access_subjects WHERE subject = :subject")
                .bind("subject", subject.toString())
                .map((row, context) -> known(row))
                .findOne();
    }

    @Override
    public List<KnownSubject> subjects(String after, int limit) {
        return handle.createQuery("SELECT * FROM access_subjects WHERE subject > :after ORDER BY subject LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> known(row))
                .list();
    }

    @Override
    public void put(KnownSubject subject) {
        ArrayNode groups = Json.MAPPER.createArrayNode();
        subject.groups().stream().sorted().forEach(groups::add);
        handle.createUpdate("INSERT INTO access_subjects (subject, shown, member_of, told_at, disabled_at, revision)"
                        + " VALUES (:subject, :shown, :groups, :told, :disabled, :revision) ON CONFLICT (subject) DO"
                        + " UPDATE SET shown = :shown, member_of = :groups, told_at = :told, disabled_at = :disabled,"
                        + " revision = :revision")
                .bind("subject", subject.subject().toString())
                .bind("shown", subject.shown())
                .bind("groups", Json.write(groups))
                .bind("told", Columns.micros(subject.toldAt()))
                .bind("disabled", Columns.microsOrNull(subject.disabledAt()))
                .bind("revision", next())
                .execute();
    }

    @Override
    public long nextGrant() {
        return nextNumber("access_grants");
    }

    private long nextNumber(String table) {
        return handle.createQuery("SELECT coalesce(max(number), 0) + 1 FROM " + table)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void insert(long number, Grant grant) {
        handle.createUpdate("INSERT INTO access_grants (number, subject, role, scope, changed_at, actor, verified,"
                        + " reason, revision) VALUES (:number, :subject, :role, :scope, :at, :actor, :verified,"
                        + " :reason, :revision)")
                .bind("number", number)
                .bind("subject", grant.subject().toString())
                .bind("role", grant.permission().role().label())
                .bind("scope", grant.permission().scope().toString())
                .bind("at", Columns.micros(grant.made().at()))
                .bind("actor", grant.made().actor())
                .bind("verified", grant.made().verified() ? 1 : 0)
                .bind("reason", grant.made().reason())
                .bind("revision", next())
                .execute();
    }

    @Override
    public Optional<Grant> grant(long number) {
        return handle.createQuery("SELECT * FROM access_grants WHERE number = :number AND removed_at IS NULL")
                .bind("number", number)
                .map((row, context) -> grant(row))
                .findOne();
    }

    @Override
    public void remove(long number, Instant at) {
        handle.createUpdate("UPDATE access_grants SET removed_at = :at, revision = :revision WHERE number = :number")
                .bind("at", Columns.micros(at))
                .bind("revision", next())
                .bind("number", number)
                .execute();
    }

    @Override
    public List<Grant> grants(Optional<Subject> subject, long before, int limit) {
        return handle.createQuery("SELECT * FROM access_grants WHERE number < :before AND removed_at IS NULL"
                        + subject.map(named -> " AND subject = :subject").orElse("")
                        + " ORDER BY number DESC LIMIT :limit")
                .bind("before", before)
                .bind("limit", limit)
                .bindMap(subject.map(named -> Map.of("subject", named.toString()))
                        .orElse(Map.of()))
                .map((row, context) -> grant(row))
                .list();
    }

    @Override
    public long nextToken() {
        return nextNumber("access_tokens");
    }

    @Override
    public void insert(AccessToken token) {
        handle.createUpdate("INSERT INTO access_tokens (id, number, hash, kind, name, owner, permissions, created_at,"
                        + " expires_at, max_idle, used_at, revision) VALUES (:id, :number, :hash, :kind, :name,"
                        + " :owner, :permissions, :created, :expires, :idle, :used, :revision)")
                .bind("id", token.id())
                .bind("number", token.number())
                .bind("hash", token.hash())
                .bind("kind", token.kind().name().toLowerCase(Locale.ROOT))
                .bind("name", token.name())
                .bind("owner", token.owner().toString())
                .bind(
                        "permissions",
                        token.permissions().map(SqlAccessTables::written).orElse(null))
                .bind("created", Columns.micros(token.createdAt()))
                .bind("expires", Columns.micros(token.expiresAt()))
                .bind("idle", token.maxIdleSeconds())
                .bind("used", Columns.microsOrNull(token.usedAt()))
                .bind("revision", next())
                .execute();
    }

    private static String written(List<Permission> permissions) {
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (Permission permission : permissions) {
            list.addObject()
                    .put("role", permission.role().label())
                    .put("scope", permission.scope().toString());
        }
        return Json.write(list);
    }

    @Override
    public Optional<AccessToken> token(String id) {
        return handle.createQuery("SELECT * FROM access_tokens WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> token(row))
                .findOne();
    }

    @Override
    public boolean revoke(String id, Instant at) {
        return handle.createUpdate("UPDATE access_tokens SET revoked_at = :at, revision = :revision WHERE id = :id AND"
                                + " revoked_at IS NULL")
                        .bind("at", Columns.micros(at))
                        .bind("revision", next())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public List<AccessToken> tokens(Optional<Subject> owner, long before, int limit) {
        return handle.createQuery("SELECT * FROM access_tokens WHERE number < :before AND kind <> 'session'"
                        + owner.map(named -> " AND owner = :owner").orElse("")
                        + " ORDER BY number DESC LIMIT :limit")
                .bind("before", before)
                .bind("limit", limit)
                .bindMap(owner.map(named -> Map.of("owner", named.toString())).orElse(Map.of()))
                .map((row, context) -> token(row))
                .list();
    }

    @Override
    public void used(String id, Instant at) {
        handle.createUpdate("UPDATE access_tokens SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at <"
                        + " :at)")
                .bind("at", Columns.micros(at))
                .bind("id", id)
                .execute();
    }

    @Override
    public int forgetEnded(Instant before, int limit) {
        return handle.createUpdate("DELETE FROM access_tokens WHERE id IN (SELECT id FROM access_tokens WHERE"
                        + " expires_at < :before OR revoked_at < :before LIMIT :limit)")
                .bind("before", Columns.micros(before))
                .bind("limit", limit)
                .execute();
    }

    @Override
    public List<KnownSubject> subjectsSince(long revision) {
        return handle.createQuery("SELECT * FROM access_subjects WHERE revision > :revision ORDER BY revision")
                .bind("revision", revision)
                .map((row, context) -> known(row))
                .list();
    }

    @Override
    public List<Grant> grantsSince(long revision, boolean removed) {
        return handle.createQuery("SELECT * FROM access_grants WHERE revision > :revision AND removed_at IS "
                        + (removed ? "NOT NULL" : "NULL") + " ORDER BY revision")
                .bind("revision", revision)
                .map((row, context) -> grant(row))
                .list();
    }

    @Override
    public List<AccessToken> tokensSince(long revision) {
        return handle.createQuery("SELECT * FROM access_tokens WHERE revision > :revision ORDER BY revision")
                .bind("revision", revision)
                .map((row, context) -> token(row))
                .list();
    }

    @Override
    public void madeBy(String thing, String subject) {
        handle.createUpdate("INSERT INTO access_creators (thing, subject) VALUES (:thing, :subject) ON CONFLICT"
                        + " (thing) DO NOTHING")
                .bind("thing", thing)
                .bind("subject", subject)
                .execute();
    }

    @Override
    public Optional<String> maker(String thing) {
        return handle.createQuery("SELECT subject FROM access_creators WHERE thing = :thing")
                .bind("thing", thing)
                .mapTo(String.class)
                .findOne();
    }

    private static KnownSubject known(ResultSet row) throws SQLException {
        Set<String> groups = new LinkedHashSet<>();
        Json.parse(row.getString("member_of"), "member_of").forEach(group -> groups.add(group.asString()));
        return new KnownSubject(
                Subject.parse("subject", row.getString("subject")),
                row.getString("shown"),
                Set.copyOf(groups),
                Columns.instant(row, "told_at"),
                Columns.optionalInstant(row, "disabled_at"));
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                "g-" + row.getLong("number"),
                Subject.parse("subject", row.getString("subject")),
                permission(row.getString("role"), row.getString("scope")),
                Columns.change(row, "changed_at"));
    }

    private static Permission permission(String role, String scope) {
        return new Permission(Role.parse("role", role), Scope.parse("scope", scope));
    }

    private static AccessToken token(ResultSet row) throws SQLException {
        return new AccessToken(
                row.getString("id"),
                row.getLong("number"),
                row.getString("hash"),
                AccessToken.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                Subject.parse("owner", row.getString("owner")),
                permissions(row.getString("permissions")),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "expires_at"),
                row.getLong("max_idle"),
                Columns.optionalInstant(row, "revoked_at"),
                Columns.optionalInstant(row, "used_at"));
    }

    private static Optional<List<Permission>> permissions(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        List<Permission> permissions = new ArrayList<>();
        for (JsonNode one : Json.parse(text, "permissions")) {
            permissions.add(
                    permission(one.path("role").asString(), one.path("scope").asString()));
        }
        return Optional.of(List.copyOf(permissions));
    }
}
