package io.modelward.jobs;

import io.modelward.core.audit.Change;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.MissedRun;
import io.modelward.core.job.Overlap;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs that are due, and runs that wait or were lost. Several servers may do so over one catalog: whoever moves a
 * job's next time in a transaction has that time, and whoever moves a run from QUEUED to RUNNING has the run. Clocks of
 * servers may differ: whether a server lives is told by a change of what it wrote, over this server's monotonic time.
 */
final class JobScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(JobScheduler.class);

    /** A time that passed so long ago was missed: no server ran then. */
    static final Duration MISSED = Duration.ofMinutes(1);
    /** A run whose server says nothing for so long is lost. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final int AT_ONCE = 50;

    private final Catalog catalog;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final JobWorks works;
    private final RunTokens tokens;
    private final int parallel;

    /** What was seen of the runs of other servers, and when it was seen first. */
    private record Seen(Optional<Instant> alive, long since) {}

    private final Map<String, Seen> others = new HashMap<>();
    private long beaten;

    /**
     * @param nanos the monotonic clock
     * @param works the runs of this server
     */
    JobScheduler(
            Catalog catalog,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            JobWorks works,
            RunTokens tokens,
            int parallel) {
        this.catalog = catalog;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.works = works;
        this.tokens = tokens;
        this.parallel = parallel;
        this.beaten = nanos.getAsLong() - BEAT.toNanos();
    }

    /** Does what is to be done now. Each part is done, also when another part fails. */
    synchronized void round() {
        part("runs of this server", this::look);
        part("lost runs", this::findLost);
        part("jobs that are due", this::findDue);
        part("runs that wait", this::begin);
    }

    private static void part(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            LOG.warn("{} are looked at again in a moment: {}", what, failure.toString());
        }
    }

    /** Says that this server's runs are at work, and ends those that are to end. */
    private void look() {
        Set<String> atWork = works.atWork();
        if (atWork.isEmpty()) {
            return;
        }
        boolean due = nanos.getAsLong() - beaten >= BEAT.toNanos();
        if (due) {
            catalog.write(tx -> {
                tx.jobs().alive(works.server(), atWork, clock.instant());
                return true;
            });
            beaten = nanos.getAsLong();
        }
        List<JobRun> runs = catalog.read(
                tx -> atWork.stream().flatMap(id -> tx.jobs().run(id).stream()).toList());
        for (JobRun run : runs) {
            boolean ours = run.progress().state() == JobRunState.RUNNING
                    && run.progress().server().equals(works.server());
            if (!ours
                    && works.atWork().contains(run.id())
                    && run.progress().state().ended()) {
                works.stop(run.id(), "another server holds the run for lost");
            } else if (ours && !run.progress().outcome().isEmpty()) {
                works.stop(run.id(), run.progress().outcome());
            }
        }
    }

    /** Runs whose servers ended without an outcome. */
    private void findLost() {
        List<JobRun> running = catalog.read(tx -> tx.jobs().inState(JobRunState.RUNNING, AT_ONCE * 10));
        Set<String> there = new HashSet<>();
        long now = nanos.getAsLong();
        for (JobRun run : running) {
            if (run.progress().server().equals(works.server())) {
                // One that this process does not know was left by a failure of its own.
                if (works.atWork().contains(run.id())) {
                    continue;
                }
            }
            there.add(run.id());
            Seen seen = others.get(run.id());
            if (seen == null || !seen.alive().equals(run.progress().alive())) {
                others.put(run.id(), new Seen(run.progress().alive(), now));
            } else if (now - seen.since() > SILENCE.toNanos()) {
                lose(run);
            }
        }
        others.keySet().retainAll(there);
    }

    private void lose(JobRun run) {
        Instant now = clock.instant();
        JobRun.Progress kept = works.keepLog(run, run.progress());
        boolean lost = catalog.write(tx -> {
            JobRun row = tx.jobs().run(run.id()).orElse(run);
            if (!row.progress().alive().equals(run.progress().alive())) {
                return false;
            }
            String published = RunOutcome.published(JobBrowser.view(tx, row).versions());
            JobRun ended = row.with(
                    (kept.log().isPresent() ? row.progress().withLog(kept.log().get(), kept.logSize()) : row.progress())
                            .endedAs(
                                    JobRunState.LOST,
                                    OptionalInt.empty(),
                                    "The server that ran it ended without an outcome."
                                            + (published.isEmpty()
                                                    ? " It published nothing."
                                                    : " It had published " + published + "."),
                                    now));
            if (!tx.jobs().updateRun(ended, JobRunState.RUNNING)) {
                return false;
            }
            RunNews.tell(tx, ended, now);
            return true;
        });
        if (lost) {
            endToken(run);
            LOG.warn("run {} of the job {} was lost: its server ended without an outcome", run.number(), run.job());
            works.forgetLog(run.with(kept));
        }
        others.remove(run.id());
    }

    /** What is left of a lost run does nothing more with its token. That it publishes nothing, its state says already. */
    private void endToken(JobRun run) {
        try {
            tokens.end(run.id());
        } catch (RuntimeException later) {
            LOG.warn(
                    "the token of the lost run {} of the job {} ends by its time only: {}",
                    run.number(),
                    run.job(),
                    later.toString());
        }
    }

    private void findDue() {
        Instant now = clock.instant();
        List<Job> due = catalog.read(tx -> tx.jobs().due(now, AT_ONCE));
        for (Job job : due) {
            part(
                    "the job " + job.name(),
                    () -> catalog.write(tx -> {
                        claim(tx, job, now);
                        return true;
                    }));
        }
    }

    private void claim(CatalogTransaction tx, Job seen, Instant now) {
        Instant due = seen.next().orElseThrow();
        Instant last = due.isAfter(now) ? due : now;
        Optional<Instant> next = seen.plan().schedule().flatMap(schedule -> schedule.next(last));
        if (!tx.jobs().claim(seen.name(), due, next)) {
            return;
        }
        Job job = tx.jobs().find(seen.name()).orElseThrow();
        Change asked = new Change(now, job.owner().actor(), job.owner().verified(), "It was due.");
        List<JobRun> open = tx.jobs().open(job.name(), job.modelId());
        boolean missed = Duration.between(due, now).compareTo(MISSED) > 0;
        if (!JobBrowser.modelIsThere(tx, job.modelId())) {
            skipOnce(tx, job, asked, due, "It was due, and the model of the job is deleted.");
        } else if (missed && job.plan().missed() == MissedRun.SKIP) {
            skip(tx, job, asked, due, "It was due while no server ran; missed runs of this job are skipped.");
        } else if (!open.isEmpty() && job.plan().overlap() == Overlap.SKIP) {
            skipOnce(
                    tx,
                    job,
                    asked,
                    due,
                    "It was due while run " + open.getFirst().number() + " was at work.");
        } else if (job.plan().overlap() == Overlap.QUEUE && open.size() > JobService.MOST_QUEUED) {
            skipOnce(tx, job, asked, due, "It was due while " + JobService.MOST_QUEUED + " runs waited already.");
        } else {
            JobService.queue(tx, job, JobTrigger.SCHEDULE, asked, due, random);
        }
    }

    /** A job that is due each second has one row of what is in its way, not one each second. */
    private void skipOnce(CatalogTransaction tx, Job job, Change asked, Instant due, String why) {
        boolean told = tx.jobs()
                .newest(job.name(), job.modelId())
                .map(JobRun::progress)
                .filter(last ->
                        last.state() == JobRunState.SKIPPED && last.outcome().equals(why))
                .isPresent();
        if (!told) {
            skip(tx, job, asked, due, why);
        }
    }

    private void skip(CatalogTransaction tx, Job job, Change asked, Instant due, String why) {
        JobRun run = new JobRun(
                "%016x".formatted(random.nextLong()),
                tx.jobs().nextRun(),
                job.name(),
                job.modelId(),
                job.plan(),
                JobTrigger.SCHEDULE,
                due,
                asked,
                JobRun.Progress.QUEUED.endedAs(JobRunState.SKIPPED, OptionalInt.empty(), why, asked.at()));
        tx.jobs().insertRun(run);
    }

    /**
     * Begins runs that wait, the oldest first, as many as there is room for; of one job one. Runs that make a version
     * once more come after all others: no job waits behind a crowd of them.
     */
    private void begin() {
        int room = parallel - works.atWork().size();
        if (room <= 0) {
            return;
        }
        // Which jobs are busy is read at once: to take a run is a transaction that writes.
        record One(JobName job, long model) {}
        List<JobRun> waiting = catalog.read(tx -> {
            Set<One> busy = new HashSet<>();
            tx.jobs().inState(JobRunState.RUNNING, AT_ONCE * 10).stream()
                    .filter(run -> run.trigger() != JobTrigger.REPRODUCE)
                    .forEach(run -> busy.add(new One(run.job(), run.modelId())));
            return tx.jobs().inState(JobRunState.QUEUED, AT_ONCE * 10).stream()
                    .filter(run -> run.trigger() == JobTrigger.REPRODUCE || busy.add(new One(run.job(), run.modelId())))
                    .toList();
        });
        for (JobRun run : waiting) {
            if (room > 0 && take(run)) {
                room--;
            }
        }
    }

    private boolean take(JobRun run) {
        Instant now = clock.instant();
        Optional<JobRun> taken = catalog.write(tx -> {
            if (!JobBrowser.modelIsThere(tx, run.modelId())) {
                JobService.skip(tx, run, "It waited, and the model of the job was deleted.", now);
                return Optional.empty();
            }
            boolean busy = run.trigger() != JobTrigger.REPRODUCE
                    && tx.jobs().open(run.job(), run.modelId()).stream()
                            .anyMatch(other -> other.progress().state() == JobRunState.RUNNING);
            JobRun begun = run.with(run.progress().begun(works.server(), now));
            return !busy && tx.jobs().updateRun(begun, JobRunState.QUEUED) ? Optional.of(begun) : Optional.empty();
        });
        taken.ifPresent(works::begin);
        return taken.isPresent();
    }
}
