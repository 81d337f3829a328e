package io.modelward.store.catalog.sql;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanJson;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.MetricGate;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Jobs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

record SqlJobs(Handle handle) implements Jobs {

    private static final String UPLOAD = "upload:";

    @Override
    public long nextNumber() {
        return number("jobs");
    }

    @Override
    public long nextRun() {
        return number("job_runs");
    }

    private long number(String table) {
        return handle.createQuery("SELECT coalesce(max(number), 0) + 1 FROM " + table)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void insert(Job job) {
        bind(
                        job,
                        "INSERT INTO jobs (name, number, model, plan, actor, verified, reason, changed_at, secrets, hook,"
                                + " paused, next_at, created_at, revision) VALUES (:name, :number, :model, :plan,"
                                + " :actor, :verified, :reason, :changed, :secrets, :hook, :paused, :next, :created,"
                                + " :revision)")
                .bind("number", job.number())
                .bind("model", job.modelId())
                .bind("created", Columns.micros(job.createdAt()))
                .execute();
    }

    @Override
    public void update(Job job) {
        bind(
                        job,
                        "UPDATE jobs SET plan = :plan, actor = :actor, verified = :verified, reason = :reason,"
                                + " changed_at = :changed, secrets = :secrets, hook = :hook, paused = :paused,"
                                + " next_at = :next, revision = :revision WHERE name = :name")
                .execute();
    }

    private Update bind(Job job, String sql) {
        return handle.createUpdate(sql)
                .bind("name", job.name().value())
                .bind("plan", Json.write(JobPlanJson.write(job.plan())))
                .bind("actor", job.owner().actor())
                .bind("verified", job.owner().verified() ? 1 : 0)
                .bind("reason", job.owner().reason())
                .bind("changed", Columns.micros(job.owner().at()))
                .bind("secrets", job.secrets().orElse(null))
                .bind("hook", job.hook().orElse(null))
                .bind("paused", job.paused() ? 1 : 0)
                .bind("next", Columns.microsOrNull(job.next()))
                .bind("revision", job.revision());
    }

    @Override
    public void delete(JobName name) {
        handle.createUpdate("DELETE FROM jobs WHERE name = :name")
                .bind("name", name.value())
                .execute();
    }

    @Override
    public Optional<Job> find(JobName name) {
        return handle.createQuery("SELECT * FROM jobs WHERE name = :name")
                .bind("name", name.value())
                .map((row, context) -> job(row))
                .findOne();
    }

    @Override
    public long count() {
        return handle.createQuery("SELECT count(*) FROM jobs").mapTo(Long.class).one();
    }

    @Override
    public List<Job> list(long before, int limit) {
        return handle.createQuery("SELECT * FROM jobs WHERE number < :before ORDER BY number DESC LIMIT :limit")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> job(row))
                .list();
    }

    @Override
    public List<Job> due(Instant now, int limit) {
        return handle.createQuery(
                        "SELECT * FROM jobs WHERE next_at <= :now AND paused = 0 ORDER BY next_at, number LIMIT :limit")
                .bind("now", Columns.micros(now))
                .bind("limit", limit)
                .map((row, context) -> job(row))
                .list();
    }

    @Override
    public boolean claim(JobName name, Instant seen, Optional<Instant> next) {
        return handle.createUpdate(
                                "UPDATE jobs SET next_at = :next WHERE name = :name AND next_at = :seen AND paused = 0")
                        .bind("name", name.value())
                        .bind("seen", Columns.micros(seen))
                        .bind("next", Columns.microsOrNull(next))
                        .execute()
                == 1;
    }

    @Override
    public void insertRun(JobRun run) {
        bindProgress(
                        run,
                        "INSERT INTO job_runs (id, number, job, model, plan, started_by, due_at, actor, verified,"
                                + " reason, queued_at, state, server, alive_at, started_at, ended_at,"
                                + " exit_code, outcome, packages, log, log_size) VALUES (:id, :number, :job, :model,"
                                + " :plan, :by, :due, :actor, :verified, :reason, :queued, :state,"
                                + " :server, :alive, :started, :ended, :code, :outcome, :packages, :log, :log_size)")
                .bind("number", run.number())
                .bind("job", run.job().value())
                .bind("model", run.modelId())
                .bind("plan", Json.write(JobPlanJson.write(run.plan())))
                .bind("by", run.trigger().name())
                .bind("due", Columns.micros(run.due()))
                .bind("actor", run.asked().actor())
                .bind("verified", run.asked().verified() ? 1 : 0)
                .bind("reason", run.asked().reason())
                .bind("queued", Columns.micros(run.asked().at()))
                .execute();
    }

    @Override
    public boolean updateRun(JobRun run, JobRunState seen) {
        return bindProgress(
                                run,
                                "UPDATE job_runs SET state = :state, server = :server, alive_at = :alive, started_at ="
                                        + " :started, ended_at = :ended, exit_code = :code, outcome = :outcome,"
                                        + " packages = :packages, log = :log, log_size = :log_size"
                                        + " WHERE id = :id AND state = :seen")
                        .bind("seen", seen.name())
                        .execute()
                == 1;
    }

    private Update bindProgress(JobRun run, String sql) {
        JobRun.Progress progress = run.progress();
        return handle.createUpdate(sql)
                .bind("id", run.id())
                .bind("state", progress.state().name())
                .bind("server", progress.server())
                .bind("alive", Columns.microsOrNull(progress.alive()))
                .bind("started", Columns.microsOrNull(progress.started()))
                .bind("ended", Columns.microsOrNull(progress.ended()))
                .bind("code", code(progress.exitCode()))
                .bind("outcome", progress.outcome())
                .bind("packages", progress.lock())
                .bind("log", progress.log().map(Digest::toString).orElse(null))
                .bind("log_size", progress.logSize());
    }

    private static @Nullable Long code(OptionalInt code) {
        return code.isPresent() ? (long) code.getAsInt() : null;
    }

    @Override
    public void stop(String run, String why) {
        handle.createUpdate("UPDATE job_runs SET outcome = :why WHERE id = :id AND state = 'RUNNING' AND outcome = ''")
                .bind("why", why)
                .bind("id", run)
                .execute();
    }

    @Override
    public void alive(String server, Collection<String> runs, Instant now) {
        for (String run : runs) {
            handle.createUpdate("UPDATE job_runs SET alive_at = :now WHERE id = :id AND server = :server AND state ="
                            + " 'RUNNING'")
                    .bind("now", Columns.micros(now))
                    .bind("id", run)
                    .bind("server", server)
                    .execute();
        }
    }

    @Override
    public Optional<JobRun> run(String id) {
        return handle.createQuery("SELECT * FROM job_runs WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> run(row))
                .findOne();
    }

    @Override
    public void credential(String run, String credential) {
        note(run, "credential", credential);
    }

    @Override
    public Optional<String> credential(String run) {
        return noted(run, "credential");
    }

    @Override
    public Optional<JobRun> byCredential(String credential) {
        return handle.createQuery("SELECT * FROM job_runs WHERE credential = :credential")
                .bind("credential", credential)
                .map((row, context) -> run(row))
                .findFirst();
    }

    @Override
    public void found(String run, String version) {
        note(run, "found", version);
    }

    @Override
    public Optional<String> found(String run) {
        return noted(run, "found");
    }

    @Override
    public void called(String run, String proof) {
        note(run, "call", proof);
    }

    @Override
    public Optional<JobRun> byCall(JobName job, String proof) {
        return handle.createQuery("SELECT * FROM job_runs WHERE job = :job AND call = :proof ORDER BY number LIMIT 1")
                .bind("job", job.value())
                .bind("proof", proof)
                .map((row, context) -> run(row))
                .findOne();
    }

    private void note(String run, String column, String text) {
        handle.createUpdate("UPDATE job_runs SET " + column + " = :text WHERE id = :id")
                .bind("text", text)
                .bind("id", run)
                .execute();
    }

    private Optional<String> noted(String run, String column) {
        return handle.createQuery("SELECT " + column + " FROM job_runs WHERE id = :id AND " + column + " IS NOT NULL")
                .bind("id", run)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public List<JobRun> runs(Optional<JobName> job, long before, int limit) {
        Query query = handle.createQuery("SELECT * FROM job_runs WHERE number < :before"
                + (job.isPresent() ? " AND job = :job" : "") + " ORDER BY number DESC LIMIT :limit");
        job.ifPresent(name -> query.bind("job", name.value()));
        return query.bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list();
    }

    @Override
    public List<JobRun> inState(JobRunState state, int limit) {
        return handle.createQuery("SELECT * FROM job_runs WHERE state = :state"
                        + " ORDER BY CASE started_by WHEN 'REPRODUCE' THEN 1 ELSE 0 END, number LIMIT :limit")
                .bind("state", state.name())
                .bind("limit", limit)
                .map((row, context) -> run(row))
                .list();
    }

    @Override
    public Optional<JobRun> newest(JobName job, long model) {
        return handle.createQuery("SELECT * FROM job_runs WHERE job = :job AND model = :model"
                        + " AND started_by <> 'REPRODUCE' ORDER BY number DESC LIMIT 1")
                .bind("job", job.value())
                .bind("model", model)
                .map((row, context) -> run(row))
                .findOne();
    }

    @Override
    public List<JobRun> open(JobName job, long model) {
        return handle.createQuery("SELECT * FROM job_runs WHERE job = :job AND model = :model"
                        + " AND state IN ('QUEUED', 'RUNNING') AND started_by <> 'REPRODUCE' ORDER BY number")
                .bind("job", job.value())
                .bind("model", model)
                .map((row, context) -> run(row))
                .list();
    }

    @Override
    public Optional<JobRun> endedBefore(JobName job, long model, long number) {
        return handle.createQuery("SELECT * FROM job_runs WHERE job = :job AND model = :model AND number < :number"
                        + " AND state IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'LOST') AND started_by <> 'REPRODUCE'"
                        + " ORDER BY number DESC LIMIT 1")
                .bind("job", job.value())
                .bind("model", model)
                .bind("number", number)
                .map((row, context) -> run(row))
                .findOne();
    }

    @Override
    public void published(TrainedVersion version) {
        ArrayNode gates = Json.array();
        version.gates()
                .forEach(gate -> gates.addObject()
                        .put("gate", gate.gate())
                        .put("holds", gate.holds())
                        .put("words", gate.words()));
        handle.createUpdate("INSERT INTO job_run_versions (version, run, parent, held, unchanged, gates)"
                        + " VALUES (:version, :run, :parent, :held, :unchanged, :gates)")
                .bind("version", version.version())
                .bind("run", version.run())
                .bind("parent", Columns.orNull(version.parent()))
                .bind("held", version.held() ? 1 : 0)
                .bind("unchanged", version.unchanged() ? 1 : 0)
                .bind("gates", Json.write(gates))
                .execute();
    }

    @Override
    public List<TrainedVersion> versions(String run) {
        return handle.createQuery("SELECT * FROM job_run_versions WHERE run = :run ORDER BY version")
                .bind("run", run)
                .map((row, context) -> trained(row))
                .list();
    }

    @Override
    public Optional<TrainedVersion> trained(long version) {
        return handle.createQuery("SELECT * FROM job_run_versions WHERE version = :version")
                .bind("version", version)
                .map((row, context) -> trained(row))
                .findOne();
    }

    @Override
    public void nameBlob(Digest blob, String owner, long size) {
        handle.createUpdate("INSERT INTO job_blobs (sha256, owner, size) VALUES (:blob, :owner, :size)"
                        + " ON CONFLICT (sha256, owner) DO NOTHING")
                .bind("blob", blob.toString())
                .bind("owner", owner)
                .bind("size", size)
                .execute();
    }

    @Override
    public OptionalLong blobSize(Digest blob) {
        return handle.createQuery("SELECT size FROM job_blobs WHERE sha256 = :blob LIMIT 1")
                .bind("blob", blob.toString())
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public void forgetBlobs(String owner) {
        handle.createUpdate("DELETE FROM job_blobs WHERE owner = :owner")
                .bind("owner", owner)
                .execute();
    }

    @Override
    public long uploaded() {
        return handle.createQuery("SELECT coalesce(sum(size), 0) FROM job_blobs WHERE owner >= :first AND owner < :end")
                .bind("first", UPLOAD)
                .bind("end", "upload;")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public int forgetRuns(Instant before, int limit) {
        List<String> old = handle.createQuery("SELECT r.id FROM job_runs r WHERE r.ended_at < :before"
                        + " AND NOT EXISTS (SELECT 1 FROM job_run_versions v WHERE v.run = r.id)"
                        + " AND NOT EXISTS (SELECT 1 FROM reproductions p WHERE p.run = r.id)"
                        + " ORDER BY r.ended_at LIMIT :limit")
                .bind("before", Columns.micros(before))
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
        for (String id : old) {
            forgetBlobs("run:" + id);
            handle.createUpdate("DELETE FROM job_runs WHERE id = :id")
                    .bind("id", id)
                    .execute();
        }
        return old.size();
    }

    @Override
    public void forgetUploads(Instant before) {
        // Times are written with as many digits each, so that texts are in the order of the times.
        handle.createUpdate("DELETE FROM job_blobs WHERE owner >= :first AND owner < :before")
                .bind("first", UPLOAD)
                .bind("before", UPLOAD + "%019d".formatted(Columns.micros(before)))
                .execute();
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                new JobName(row.getString("name")),
                row.getLong("number"),
                row.getLong("model"),
                plan(row),
                Columns.change(row, "changed_at"),
                Optional.ofNullable(row.getString("secrets")),
                Optional.ofNullable(row.getString("hook")),
                row.getLong("paused") == 1,
                Columns.optionalInstant(row, "next_at"),
                Columns.instant(row, "created_at"),
                row.getLong("revision"));
    }

    private static JobPlan plan(ResultSet row) throws SQLException {
        return JobPlanReader.read(Columns.object(row, "plan"));
    }

    private static JobRun run(ResultSet row) throws SQLException {
        OptionalLong code = Columns.optionalLong(row, "exit_code");
        Change asked = Columns.change(row, "queued_at");
        return new JobRun(
                row.getString("id"),
                row.getLong("number"),
                new JobName(row.getString("job")),
                row.getLong("model"),
                plan(row),
                JobTrigger.valueOf(row.getString("started_by")),
                Columns.instant(row, "due_at"),
                asked,
                new JobRun.Progress(
                        JobRunState.valueOf(row.getString("state")),
                        row.getString("server"),
                        Columns.optionalInstant(row, "alive_at"),
                        Columns.optionalInstant(row, "started_at"),
                        Columns.optionalInstant(row, "ended_at"),
                        code.isPresent() ? OptionalInt.of((int) code.getAsLong()) : OptionalInt.empty(),
                        row.getString("outcome"),
                        row.getString("packages"),
                        Optional.ofNullable(row.getString("log")).map(Digest::parse),
                        row.getLong("log_size")));
    }

    private static TrainedVersion trained(ResultSet row) throws SQLException {
        List<MetricGate.Result> gates = new ArrayList<>();
        for (JsonNode gate : Json.parse(row.getString("gates"), "gates")) {
            gates.add(new MetricGate.Result(
                    gate.path("gate").stringValue(),
                    gate.path("holds").booleanValue(),
                    gate.path("words").stringValue()));
        }
        return new TrainedVersion(
                row.getLong("version"),
                row.getString("run"),
                Columns.optionalLong(row, "parent"),
                row.getLong("held") == 1,
                row.getLong("unchanged") == 1,
                gates);
    }
}
