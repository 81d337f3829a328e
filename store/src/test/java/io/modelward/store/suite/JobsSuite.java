package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.MetricGate;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with jobs, their runs and their blobs. */
public abstract class JobsSuite {

    private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L, 123_456_000);
    private static final Digest CODE = Digest.of("code".getBytes(StandardCharsets.UTF_8));
    private static final JobName WEEKLY = new JobName("weekly");
    private static final Change ADA = new Change(AT, "ada ü", false, "because \u2028 \"quoted\"");

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private <T> List<T> all(Function<CatalogTransaction, List<T>> look) {
        return catalog.read(look);
    }

    private <T> Optional<T> one(Function<CatalogTransaction, Optional<T>> look) {
        return catalog.read(look);
    }

    private static JobPlan plan() {
        return JobPlanReader.read(Json.parse(
                "{\"model\":\"team/iris\",\"schedule\":\"0 3 * * MON\",\"timezone\":\"Europe/Berlin\",\"command\":[\"python\",\"träin.py\"],"
                        + "\"code\":{\"archive\":\"" + CODE
                        + "\",\"size\":4,\"repository\":\"https://example.org/x.git\",\"commit\":\"abc\"},"
                        + "\"data\":[{\"name\":\"data.csv\",\"sha256\":\"" + CODE
                        + "\",\"size\":4}],\"requirements\":[\"numpy==2.4.6\"],"
                        + "\"require\":[\"accuracy >= champion - 0.005\"],\"rollout\":\"canary\",\"endpoint\":\"iris\",\"timeout\":\"90s\","
                        + "\"variables\":{\"A\":\"b\"},\"seed\":4294967295,\"notify\":[\"team\"],\"overlap\":\"queue\",\"missed\":\"run\"}",
                "plan"));
    }

    private static Job job(String name, long number, Optional<Instant> next) {
        return new Job(
                new JobName(name), number, 7, plan(), ADA, Optional.of("sealed"), Optional.empty(), false, next, AT, 1);
    }

    private static JobRun run(String id, long number) {
        return new JobRun(id, number, WEEKLY, 7, plan(), JobTrigger.SCHEDULE, AT, ADA, JobRun.Progress.QUEUED);
    }

    @Test
    void a_job_is_kept_changed_and_forgotten() {
        Job made = job("weekly", 1, Optional.of(AT));
        catalog.write(tx -> {
            assertThat(tx.jobs().nextNumber()).isEqualTo(1);
            tx.jobs().insert(made);
            tx.jobs().insert(job("daily", 2, Optional.empty()));
            return true;
        });
        assertThat(one(tx -> tx.jobs().find(WEEKLY))).contains(made);
        assertThat(all(tx -> tx.jobs().list(Long.MAX_VALUE, 10)))
                .extracting(job -> job.name().value())
                .containsExactly("daily", "weekly");
        Job changed = made.withPaused(true, Optional.empty());
        catalog.write(tx -> {
            tx.jobs().update(changed);
            return true;
        });
        assertThat(one(tx -> tx.jobs().find(WEEKLY))).contains(changed);
        catalog.write(tx -> {
            tx.jobs().delete(WEEKLY);
            return true;
        });
        assertThat(one(tx -> tx.jobs().find(WEEKLY))).isEmpty();
        assertThat(all(tx -> List.of(tx.jobs().count()))).containsExactly(1L);
    }

    @Test
    void one_of_two_claims_a_due_time() {
        Instant later = AT.plus(Duration.ofDays(7));
        catalog.write(tx -> {
            tx.jobs().insert(job("weekly", 1, Optional.of(AT)));
            return true;
        });
        assertThat(all(tx -> tx.jobs().due(AT.minusNanos(1000), 10))).isEmpty();
        assertThat(all(tx -> tx.jobs().due(AT, 10))).hasSize(1);
        assertThat(catalog.<Boolean>write(tx -> tx.jobs().claim(WEEKLY, AT, Optional.of(later))))
                .isTrue();
        assertThat(catalog.<Boolean>write(tx -> tx.jobs().claim(WEEKLY, AT, Optional.of(later))))
                .isFalse();
        assertThat(all(tx -> tx.jobs().due(AT, 10))).isEmpty();
    }

    @Test
    void a_run_goes_on_from_the_state_that_was_seen_only() {
        JobRun queued = run("r-1", 1);
        catalog.write(tx -> {
            tx.jobs().insertRun(queued);
            tx.jobs().insertRun(run("r-2", 2));
            return true;
        });
        JobRun begun = queued.with(queued.progress().begun("server", AT));
        assertThat(catalog.<Boolean>write(tx -> tx.jobs().updateRun(begun, JobRunState.QUEUED)))
                .isTrue();
        assertThat(catalog.<Boolean>write(tx -> tx.jobs().updateRun(begun, JobRunState.QUEUED)))
                .isFalse();
        catalog.write(tx -> {
            tx.jobs().alive("server", Set.of("r-1", "r-2"), AT.plusSeconds(5));
            tx.jobs().stop("r-1", "somebody stopped it");
            tx.jobs().stop("r-1", "a second reason");
            tx.jobs().stop("r-2", "it is not at work");
            return true;
        });
        JobRun seen = catalog.read(tx -> tx.jobs().run("r-1")).orElseThrow();
        assertThat(seen.progress().alive()).contains(AT.plusSeconds(5));
        assertThat(seen.progress().outcome()).isEqualTo("somebody stopped it");
        assertThat(seen.plan()).isEqualTo(plan());
        assertThat(catalog.read(tx -> tx.jobs().run("r-2")).orElseThrow().progress())
                .isEqualTo(JobRun.Progress.QUEUED);
        assertThat(all(tx -> tx.jobs().open(WEEKLY, 7))).hasSize(2);
        JobRun ended = seen.with(seen.progress()
                .withLock("numpy==2.4.6")
                .withLog(CODE, 4)
                .endedAs(JobRunState.FAILED, OptionalInt.of(3), "It failed.", AT.plusSeconds(9)));
        assertThat(catalog.<Boolean>write(tx -> tx.jobs().updateRun(ended, JobRunState.RUNNING)))
                .isTrue();
        assertThat(one(tx -> tx.jobs().run("r-1"))).contains(ended);
        assertThat(all(tx -> tx.jobs().inState(JobRunState.QUEUED, 10))).hasSize(1);
        assertThat(all(tx -> tx.jobs().runs(Optional.of(WEEKLY), 2, 10))).containsExactly(ended);
        assertThat(all(tx -> tx.jobs().runs(Optional.empty(), Long.MAX_VALUE, 1)))
                .extracting(JobRun::id)
                .containsExactly("r-2");
        assertThat(one(tx -> tx.jobs().endedBefore(WEEKLY, 7, 2))).contains(ended);
        assertThat(one(tx -> tx.jobs().endedBefore(WEEKLY, 7, 1))).isEmpty();
        assertThat(one(tx -> tx.jobs().newest(WEEKLY, 7)).orElseThrow().id()).isEqualTo("r-2");
        // A job of the same name for another model, made after this one was deleted, has runs of its own.
        assertThat(all(tx -> tx.jobs().open(WEEKLY, 8))).isEmpty();
        assertThat(one(tx -> tx.jobs().endedBefore(WEEKLY, 8, 2))).isEmpty();
        assertThat(one(tx -> tx.jobs().newest(WEEKLY, 8))).isEmpty();
    }

    @Test
    void what_is_noted_of_a_run_is_found_by_it_also_when_the_run_has_ended() {
        JobRun queued = run("r-1", 1);
        JobRun ended = queued.with(
                queued.progress().endedAs(JobRunState.FAILED, OptionalInt.empty(), "It failed.", AT.plusSeconds(9)));
        catalog.write(tx -> {
            tx.jobs().insertRun(queued);
            tx.jobs().insertRun(run("r-2", 2));
            tx.jobs().credential("r-1", "t-1");
            tx.jobs().found("r-1", "1.0.0");
            tx.jobs().found("r-1", "1.1.0");
            tx.jobs().called("r-1", "a hash");
            tx.jobs().updateRun(ended, JobRunState.QUEUED);
            return true;
        });
        assertThat(one(tx -> tx.jobs().byCredential("t-1"))).contains(ended);
        assertThat(one(tx -> tx.jobs().byCredential("t-2"))).isEmpty();
        assertThat(one(tx -> tx.jobs().credential("r-1"))).contains("t-1");
        assertThat(one(tx -> tx.jobs().credential("r-2"))).isEmpty();
        assertThat(one(tx -> tx.jobs().found("r-1"))).contains("1.1.0");
        assertThat(one(tx -> tx.jobs().found("r-2"))).isEmpty();
        assertThat(one(tx -> tx.jobs().byCall(WEEKLY, "a hash"))).contains(ended);
        assertThat(one(tx -> tx.jobs().byCall(WEEKLY, "another hash"))).isEmpty();
        assertThat(one(tx -> tx.jobs().byCall(new JobName("daily"), "a hash"))).isEmpty();
    }

    @Test
    void old_runs_are_forgotten_but_for_those_that_published() {
        catalog.write(tx -> {
            for (int number = 1; number <= 4; number++) {
                JobRun run = run("r-" + number, number);
                tx.jobs()
                        .insertRun(run.with(run.progress()
                                .endedAs(
                                        JobRunState.FAILED,
                                        OptionalInt.empty(),
                                        "It failed.",
                                        AT.plusSeconds(number))));
                tx.jobs().nameBlob(CODE, "run:r-" + number, 4);
            }
            tx.jobs().insertRun(run("r-5", 5));
            tx.jobs().published(new TrainedVersion(9, "r-2", OptionalLong.empty(), false, false, List.of()));
            return true;
        });
        int forgotten = catalog.write(tx -> tx.jobs().forgetRuns(AT.plusSeconds(4), 10));
        assertThat(forgotten).isEqualTo(2);
        assertThat(all(tx -> tx.jobs().runs(Optional.empty(), Long.MAX_VALUE, 10)))
                .extracting(JobRun::id)
                .containsExactly("r-5", "r-4", "r-2");
        catalog.write(tx -> {
            tx.jobs().forgetBlobs("run:r-2");
            tx.jobs().forgetBlobs("run:r-4");
            return true;
        });
        assertThat(all(tx -> List.of(tx.jobs().blobSize(CODE)))).containsExactly(OptionalLong.empty());
    }

    @Test
    void what_a_run_published_is_found_by_run_and_by_version() {
        TrainedVersion version = new TrainedVersion(
                5,
                "r-1",
                OptionalLong.of(4),
                true,
                false,
                List.of(new MetricGate.Result("accuracy >= 0.9", false, "accuracy is 0.5")));
        TrainedVersion first = new TrainedVersion(3, "r-1", OptionalLong.empty(), false, true, List.of());
        catalog.write(tx -> {
            tx.jobs().published(version);
            tx.jobs().published(first);
            return true;
        });
        assertThat(all(tx -> tx.jobs().versions("r-1"))).containsExactly(first, version);
        assertThat(one(tx -> tx.jobs().trained(5))).contains(version);
        assertThat(one(tx -> tx.jobs().trained(6))).isEmpty();
    }

    @Test
    void a_blob_that_jobs_name_is_not_collected() {
        Instant later = AT.plus(Duration.ofDays(3));
        catalog.write(tx -> {
            tx.blobs().store(CODE, 4, AT);
            tx.jobs().nameBlob(CODE, "upload:%019d".formatted(1_800_000_000_000_000L), 4);
            tx.jobs().nameBlob(CODE, "job:weekly", 4);
            tx.jobs().nameBlob(CODE, "job:weekly", 4);
            return true;
        });
        assertThat(all(tx -> List.of(tx.jobs().blobSize(CODE)))).containsExactly(OptionalLong.of(4));
        assertThat(all(tx -> List.of(tx.jobs().uploaded()))).containsExactly(4L);
        assertThat(all(tx -> tx.blobs().unnamed(later, 10))).isEmpty();
        catalog.write(tx -> {
            tx.jobs().forgetBlobs("job:weekly");
            tx.blobs().condemn(List.of(CODE), later, later);
            return true;
        });
        assertThat(catalog.read(tx -> tx.blobs().find(CODE)).orElseThrow().state())
                .isEqualTo(Blobs.State.PRESENT);
        catalog.write(tx -> {
            tx.jobs().forgetUploads(later);
            return true;
        });
        assertThat(all(tx -> tx.blobs().unnamed(later, 10))).containsExactly(CODE);
    }
}
