package io.modelward.pages.job;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobRunState;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobView;
import io.modelward.jobs.JobView.RunView;
import io.modelward.pages.frame.Filters;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Page;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The list of training jobs, a job with its runs, and a run with its log. */
public final class JobPages {

    static final String JOBS = "/ui/jobs";
    static final String JOB = JOBS + "/{job}";
    static final String RUN = JOB + "/runs/{run}";
    private static final int A_PAGE = 50;
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

    /** A job with its newest runs. */
    public record JobPageView(JobView job, List<RunView> runs, Optional<String> more, boolean release) {}

    /**
     * A run.
     *
     * @param log the end of its output; empty when the caller may not look at it
     * @param cut whether the output is longer
     */
    public record JobRunPageView(RunView view, Optional<String> log, boolean cut, boolean release) {}

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
                        runs.items(),
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
        Tail tail = may ? tail(view) : new Tail("", false);
        return pages.page(
                exchange,
                Section.JOBS,
                title(view),
                "job/run",
                new JobRunPageView(
                        view,
                        may ? Optional.of(tail.text()) : Optional.empty(),
                        tail.cut(),
                        access.allows(Action.RELEASE, model)
                                && !view.run().progress().state().ended()));
    }

    static String title(RunView view) {
        return "Run " + view.run().number() + " of the job " + view.run().job();
    }

    private record Tail(String text, boolean cut) {}

    /** The end of what a run wrote. */
    private Tail tail(RunView view) throws IOException {
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
        return new Tail(new String(last, StandardCharsets.UTF_8), cut);
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
