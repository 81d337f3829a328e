package io.modelward.pages.job;

import io.modelward.core.access.Action;
import io.modelward.core.job.JobName;
import io.modelward.core.problem.ProblemException;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobService;
import io.modelward.jobs.JobView.RunView;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.registry.Actor;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;

/** What people tell jobs to do. */
public final class JobActions {

    private final Actions actions;
    private final JobService jobs;
    private final JobBrowser browser;

    public JobActions(Actions actions, JobService jobs, JobBrowser browser) {
        this.actions = actions;
        this.jobs = jobs;
        this.browser = browser;
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
