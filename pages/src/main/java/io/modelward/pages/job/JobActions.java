package io.modelward.pages.job;

import io.modelward.core.access.Action;
import io.modelward.core.job.JobName;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobService;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.Reproducer;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Actor;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import java.math.BigDecimal;

/** What people tell jobs to do. */
public final class JobActions {

    private final Actions actions;
    private final JobService jobs;
    private final JobBrowser browser;
    private final Reproducer reproducer;

    public JobActions(Actions actions, JobService jobs, JobBrowser browser, Reproducer reproducer) {
        this.actions = actions;
        this.jobs = jobs;
        this.browser = browser;
        this.reproducer = reproducer;
    }

    /** What a person tells a job; answers the page to go on to. */
    @FunctionalInterface
    private interface Tell {
        String tell(JobName job, Actor actor, String reason);
    }

    public void open(HttpRoute.Table routes) {
        order(
                routes,
                "run",
                "Run",
                "A run begins now, or as soon as there is room for it, whatever the schedule says.",
                (job, actor, reason) -> JobPages.link(jobs.start(job, actor, reason)));
        order(
                routes,
                "pause",
                "Pause",
                "The job is not due any more until somebody resumes it. A run at work goes on.",
                (job, actor, reason) ->
                        JobPages.link(jobs.pause(job, true, actor, reason).job().name()));
        order(
                routes,
                "resume",
                "Resume",
                "The job is due again at the next time of its schedule.",
                (job, actor, reason) -> JobPages.link(
                        jobs.pause(job, false, actor, reason).job().name()));
        actions.open(routes, JobPages.JOB + "/delete", Action.RELEASE, this::deleteForm, this::delete);
        actions.open(routes, JobPages.RUN + "/stop", Action.RELEASE, this::stopForm, this::stop);
        actions.open(
                routes,
                "/ui/models/{namespace}/{name}/versions/{version}/reproduce",
                Action.RELEASE,
                JobActions::reproduceForm,
                this::reproduce);
    }

    private void order(HttpRoute.Table routes, String word, String label, String says, Tell tell) {
        actions.open(
                routes,
                JobPages.JOB + "/" + word,
                Action.RELEASE,
                exchange -> {
                    JobName job = browser.get(JobPages.name(exchange)).job().name();
                    String link = JobPages.link(job);
                    return ActionForm.of(Section.JOBS, label + " the job " + job, link + "/" + word, label, link)
                            .saying(says)
                            .reason();
                },
                (exchange, fields) -> tell.tell(
                        JobPages.name(exchange),
                        exchange.actor(),
                        fields.text("reason").orElse("")));
    }

    private static ActionForm reproduceForm(Exchange exchange) {
        ModelName model = ModelName.of(exchange.path("namespace"), exchange.path("name"));
        SemVer number = SemVer.parse(exchange.path("version"));
        String link = Words.link(model, number.toString());
        return ActionForm.of(
                        Section.MODELS, "Reproduce " + model + " " + number, link + "/reproduce", "Reproduce", link)
                .saying("A run makes the version once more, with the command, the code, the data and the packages that"
                        + " made it, and compares. What it makes is this version again, or a pre-release of its number."
                        + " Nothing is served.")
                .text(
                        "tolerance",
                        "Tolerance",
                        "0.000001",
                        "By how much answers and metrics may differ, as a share of the larger number, and as they are"
                                + " below one. Only asked where files differ.",
                        true)
                .reason();
    }

    private String reproduce(Exchange exchange, FormFields fields) {
        ModelName model = ModelName.of(exchange.path("namespace"), exchange.path("name"));
        return JobPages.link(reproducer.start(
                model,
                new Selector.Exact(SemVer.parse(exchange.path("version"))),
                tolerance(fields.text("tolerance").orElse("")),
                exchange.actor(),
                fields.text("reason").orElse("")));
    }

    private static double tolerance(String text) {
        try {
            double tolerance = new BigDecimal(text.strip()).doubleValue();
            if (tolerance >= 0 && tolerance <= 1) {
                return tolerance;
            }
        } catch (NumberFormatException none) {
            // Told below.
        }
        throw ProblemException.invalid("tolerance", "The tolerance is a number from 0 to 1, such as 0.000001.");
    }

    private ActionForm deleteForm(Exchange exchange) {
        JobName job = browser.get(JobPages.name(exchange)).job().name();
        String link = JobPages.link(job);
        return ActionForm.of(Section.JOBS, "Delete the job " + job, link + "/delete", "Delete", link)
                .saying(
                        "The job is gone, with its schedule and its secrets. The versions that it trained stay, and so do"
                                + " its runs. A run at work goes on; those that wait never begin.")
                .tick("confirm", "Delete the job " + job, "")
                .reason()
                .dangerous();
    }

    private String delete(Exchange exchange, FormFields fields) {
        if (!fields.ticked("confirm")) {
            throw ProblemException.invalid("confirm", "Tick the box, so that it is not done by mistake.");
        }
        jobs.delete(
                JobPages.name(exchange), exchange.actor(), fields.text("reason").orElse(""));
        return JobPages.JOBS;
    }

    private ActionForm stopForm(Exchange exchange) {
        RunView view = JobPages.run(browser, exchange);
        String link = JobPages.link(view);
        return ActionForm.of(
                        Section.JOBS,
                        "Stop run " + view.run().number() + " of the job "
                                + view.run().job(),
                        link + "/stop",
                        "Stop",
                        link)
                .saying(
                        "The command is told to end, and killed when it goes on. What it has published stays. A run that"
                                + " waits never begins.")
                .reason()
                .dangerous();
    }

    private String stop(Exchange exchange, FormFields fields) {
        RunView view = JobPages.run(browser, exchange);
        jobs.stop(view.run().id(), exchange.actor(), fields.text("reason").orElse(""));
        return JobPages.link(view);
    }
}
