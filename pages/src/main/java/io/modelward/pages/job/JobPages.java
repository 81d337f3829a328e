package io.modelward.pages.job;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.ReproductionReport;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobView;
import io.modelward.jobs.JobView.ReproductionView;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.JobView.Trained;
import io.modelward.pages.frame.Filters;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.pages.live.LiveTopic;
import io.modelward.registry.Page;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of training jobs, a job with its runs, and a run with its log. */
public final class JobPages {

    static final String JOBS = "/ui/jobs";
    static final String JOB = JOBS + "/{job}";
    static final String RUN = JOB + "/runs/{run}";
    private static final int A_PAGE = 50;
    private static final int MOST_PATHS = 20;
    private static final int MOST_LINES = 6;
    private static final int MOST_TIMES = 3;
    /** The log of a run at work has 4 MiB at most; so many pieces are all of it. */
    private static final int MOST_PIECES = 40;

    private final PageSender pages;
    private final Access access;
    private final JobBrowser browser;

    public JobPages(PageSender pages, Access access, JobBrowser browser) {
        this.pages = pages;
        this.access = access;
        this.browser = browser;
    }

    /** The jobs that fit the filter; none when the filter means nothing. */
    public record JobsPageView(Filters filters, List<JobView> jobs, Optional<String> more, Optional<Problem> problem) {}

    /**
     * A job with its newest runs.
     *
     * @param times at which it is due next
     * @param metrics of the versions that these runs published
     */
    public record JobPageView(
            JobView job,
            List<Instant> times,
            List<RunView> runs,
            List<Line> metrics,
            Optional<String> more,
            boolean release) {

        /** The numbers of the runs that published a version with a metric, the oldest first. */
        public List<Long> measured() {
            return metrics.stream()
                    .flatMap(line -> line.values().keySet().stream())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /**
     * A run.
     *
     * @param log empty when the caller may not look at it
     */
    public record JobRunPageView(RunView view, Optional<LogTail> log, boolean release) {}

    /**
     * The end of what a run wrote.
     *
     * @param run as an address has it
     * @param cut whether there is more before it
     */
    public record LogTail(String run, String text, boolean cut) {}

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", JOBS, Action.READ, this::list);
        routes.blocking("GET", JOB, Action.READ, this::job);
        routes.blocking("GET", RUN, Action.READ, this::run);
    }

    static JobName name(Exchange exchange) {
        return JobName.parse(exchange.path("job"));
    }

    /** The page of a job. */
    public static String link(JobName job) {
        return JOBS + "/" + Words.segment(job.value());
    }

    /** The page of a run. */
    public static String link(RunView view) {
        return link(view.run().job()) + "/runs/" + Words.segment(view.run().id());
    }

    /** When a job is due, in words. */
    public static String schedule(JobPlan plan) {
        return plan.schedule()
                .map(schedule -> schedule.text()
                        + (schedule.text().startsWith("every ")
                                ? ""
                                : " in " + schedule.zone().getId()))
                .orElse("when somebody asks");
    }

    /** How long a run was at work. */
    public static String length(Duration time) {
        return time.toSeconds() < 60
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                : time.toHours() > 0
                        ? time.toHours() + " h " + time.toMinutesPart() + " min"
                        : time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }

    /** What became of a run, as the API says it. */
    public static String outcome(RunView view) {
        return view.stopping().isEmpty() ? view.run().progress().outcome() : "It is being ended: " + view.stopping();
    }

    private Reply list(Exchange exchange) {
        Filters filters = Filters.of(exchange, List.of("model"));
        JobsPageView view;
        try {
            Page<JobView> page =
                    browser.list(filters.filled("model").map(ModelName::parse), exchange.pageBefore(), A_PAGE);
            view = new JobsPageView(
                    filters, page.items(), page.next().map(token -> filters.more(JOBS, token)), Optional.empty());
        } catch (ProblemException wrong) {
            if (!wrong.problem().field().isPresent()) {
                throw wrong;
            }
            view = new JobsPageView(filters, List.of(), Optional.empty(), Optional.of(wrong.problem()));
        }
        return pages.page(exchange, Section.JOBS, "Jobs", "job/jobs", view);
    }

    private Reply job(Exchange exchange) {
        JobView job = browser.get(name(exchange));
        Page<RunView> runs = browser.runs(Optional.of(job.job().name()), exchange.pageBefore(), A_PAGE);
        return pages.page(
                exchange,
                Section.JOBS,
                "Job " + job.job().name(),
                "job/job",
                new JobPageView(
                        job,
                        nextTimes(job.job()),
                        runs.items(),
                        metrics(runs.items()),
                        runs.next().map(token -> link(job.job().name()) + "?page_token=" + Words.query(token)),
                        access.allows(Action.RELEASE, new Resource.Model(job.model()))));
    }

    /** The run, when it is one of the job that the address names. */
    static RunView run(JobBrowser browser, Exchange exchange) {
        RunView view = browser.run(exchange.path("run"));
        if (!view.run().job().equals(name(exchange))) {
            throw ProblemException.notFound("The job has no such run. Open the job to see its runs.");
        }
        return view;
    }

    private Reply run(Exchange exchange) throws IOException {
        RunView view = run(browser, exchange);
        Resource.Model model = new Resource.Model(view.model());
        boolean may = access.allows(Action.PUBLISH, model);
        return pages.page(
                exchange,
                Section.JOBS,
                title(view),
                "job/run",
                new JobRunPageView(
                        view,
                        may ? Optional.of(tail(view)) : Optional.empty(),
                        access.allows(Action.RELEASE, model)
                                && !view.run().progress().state().ended()));
    }

    static String title(RunView view) {
        return "Run " + view.run().number() + " of the job " + view.run().job();
    }

    private LogTail tail(RunView view) throws IOException {
        long from = Math.max(0, view.run().progress().logSize() - JobBrowser.LOG_AT_ONCE);
        boolean cut = from > 0;
        byte[] last = new byte[0];
        for (int piece = 0; piece < MOST_PIECES; piece++) {
            JobBrowser.LogPiece more = browser.log(view.run().id(), from);
            if (more.bytes().length == 0) {
                break;
            }
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            joined.write(last);
            joined.write(more.bytes());
            byte[] all = joined.toByteArray();
            int begin = Math.max(0, all.length - JobBrowser.LOG_AT_ONCE);
            cut |= begin > 0;
            last = java.util.Arrays.copyOfRange(all, begin, all.length);
            from = more.next();
            if (more.ended()) {
                break;
            }
        }
        return new LogTail(Words.segment(view.run().id()), new String(last, StandardCharsets.UTF_8), cut);
    }

    /** What became of a run that is at work, for its page. */
    public LiveTopic runTopic() {
        return new LiveTopic() {
            @Override
            public boolean visible(String key) {
                return access.allows(
                        Action.READ, new Resource.Model(browser.run(key).model()));
            }

            @Override
            public String render(String key) {
                return pages.part("tag/jobrun_now", browser.run(key));
            }
        };
    }

    /** What a run that is at work has written, for its page. */
    public LiveTopic logTopic() {
        return new LiveTopic() {
            @Override
            public boolean visible(String key) {
                return access.allows(
                        Action.PUBLISH, new Resource.Model(browser.run(key).model()));
            }

            @Override
            public String render(String key) {
                try {
                    return pages.part("tag/joblog_now", tail(browser.run(key)));
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
            }
        };
    }

    /** What came of making a version once more, in a word. */
    public static String verdict(ReproductionView view) {
        return view.reproduction()
                .report()
                .map(report -> report.verdict().label())
                .orElse(view.open() ? "open" : "failed");
    }

    public static String colour(ReproductionView view) {
        return view.reproduction()
                .report()
                .map(report -> report.verdict().holds() ? "good" : "bad")
                .orElse(view.open() ? "info" : "bad");
    }

    /** The files that are not equal, the first of them. */
    public static String paths(ReproductionReport.Files files) {
        return Stream.of(files.different(), files.missing(), files.added())
                .flatMap(List::stream)
                .limit(MOST_PATHS)
                .collect(Collectors.joining(", "));
    }

    /** A metric of a job's versions, or how long runs took. */
    public record Line(String name, Map<Long, Double> values) {}

    /** The metrics of versions by the numbers of their runs, in the order of the names, at most six. */
    static List<Line> metrics(List<RunView> runs) {
        Map<String, Map<Long, Double>> metrics = new TreeMap<>();
        for (RunView run : runs) {
            for (Trained version : run.versions()) {
                version.metrics()
                        .forEach((name, value) -> metrics.computeIfAbsent(name, _ -> new TreeMap<>())
                                .put(run.run().number(), value));
            }
        }
        return metrics.entrySet().stream()
                .limit(MOST_LINES)
                .map(entry -> new Line(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The times at which a job is due next, while nobody pauses it. */
    static List<Instant> nextTimes(Job job) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> next = job.next();
        while (next.isPresent() && times.size() < MOST_TIMES) {
            times.add(next.get());
            Instant last = next.get();
            next = job.plan().schedule().flatMap(schedule -> schedule.next(last));
        }
        return times;
    }

    /** The colour of a state. */
    public static String colour(JobRunState state) {
        return state == JobRunState.SUCCEEDED
                ? "good"
                : state.bad()
                        ? "bad"
                        : state == JobRunState.RUNNING ? "info" : state == JobRunState.QUEUED ? "warn" : "";
    }
}
