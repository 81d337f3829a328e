package io.modelward.jobs;

import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.json.Json;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.notification.Notices;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;

/** Tells of runs that ended: the audit log, and people who want to know. */
final class RunNews {

    private final CatalogTransaction tx;
    private final JobRun run;
    private final Instant now;

    private RunNews(CatalogTransaction tx, JobRun run, Instant now) {
        this.tx = tx;
        this.run = run;
        this.now = now;
    }

    /** Tells of the run, in the transaction that ends it. */
    static void tell(CatalogTransaction tx, JobRun run, Instant now) {
        new RunNews(tx, run, now).tell();
    }

    private void tell() {
        tx.audit()
                .append(
                        Actor.SERVER.change(now, ""),
                        "job.run.end",
                        "job:" + run.job(),
                        Json.object()
                                .put("run", run.id())
                                .put("number", run.number())
                                .put("state", run.progress().state().name())
                                .put("outcome", run.progress().outcome()));
        if (run.trigger() == JobTrigger.REPRODUCE) {
            // Whoever asked waits for it, and the job's own runs neither failed nor recovered.
            return;
        }
        boolean failedBefore = tx.jobs()
                .endedBefore(run.job(), run.modelId(), run.number())
                .map(before -> before.progress().state().bad())
                .orElse(false);
        if (run.progress().state().bad()) {
            put(NotificationEvent.JOB_FAILED, "The job " + run.job() + " failed");
        } else if (failedBefore) {
            put(NotificationEvent.JOB_RECOVERED, "The job " + run.job() + " works again");
        }
        if (JobBrowser.view(tx, run).versions().stream()
                .anyMatch(version -> version.how().held())) {
            put(NotificationEvent.JOB_HELD, "A gate held the version of the job " + run.job() + " back");
        }
    }

    private void put(NotificationEvent event, String title) {
        ModelName model = JobBrowser.model(tx, run.modelId(), run.plan().model());
        Notice notice = Notice.of(
                event,
                "job:" + run.job(),
                title,
                run.progress().outcome(),
                now,
                "/ui/jobs/" + run.job() + "/runs/" + run.id());
        Notices.put(
                tx,
                notice.aboutModel(model.toString())
                        .fact("job", run.job().value())
                        .fact("run", Long.toString(run.number()))
                        .fact("state", run.progress().state().name()));
    }
}
