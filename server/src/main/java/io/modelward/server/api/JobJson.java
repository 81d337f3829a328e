package io.modelward.server.api;

import io.modelward.core.job.Job;
import io.modelward.core.job.JobPlanJson;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.json.Json;
import io.modelward.jobs.JobView;
import io.modelward.jobs.JobView.ReproductionView;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.JobView.Trained;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes jobs and their runs. */
final class JobJson {

    private JobJson() {}

    static ObjectNode job(JobView view) {
        Job job = view.job();
        ObjectNode json = Json.object().put("job", job.name().value());
        JobPlanJson.write(job.plan()).properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        json.put("model", view.model().toString());
        view.secrets().forEach(json.putArray("secrets")::add);
        json.put("hook", job.hook().isPresent())
                .put("paused", job.paused())
                .put("revision", job.revision())
                .put("created_at", job.createdAt().toString());
        job.next().ifPresentOrElse(next -> json.put("next_at", next.toString()), () -> json.putNull("next_at"));
        json.set("changed_by", RegistryJson.who(job.owner()));
        json.put("changed_at", job.owner().at().toString());
        view.latest().ifPresentOrElse(run -> json.set("latest_run", run(run)), () -> json.putNull("latest_run"));
        return json;
    }

    static ObjectNode run(RunView view) {
        JobRun run = view.run();
        JobRun.Progress progress = run.progress();
        ObjectNode json = Json.object()
                .put("run", run.id())
                .put("number", run.number())
                .put("job", run.job().value())
                .put("model", view.model().toString())
                .put("state", progress.state().name())
                .put("trigger", run.trigger().label())
                .put(
                        "outcome",
                        view.stopping().isEmpty() ? progress.outcome() : "It is being ended: " + view.stopping());
        json.put("due_at", run.due().toString())
                .put("queued_at", run.asked().at().toString())
                .put("reason", run.asked().reason());
        json.set("asked_by", RegistryJson.who(run.asked()));
        progress.started().ifPresent(at -> json.put("started_at", at.toString()));
        progress.ended().ifPresent(at -> json.put("ended_at", at.toString()));
        progress.duration().ifPresent(time -> json.put("seconds", time.toMillis() / 1000.0));
        progress.exitCode().ifPresent(code -> json.put("exit_code", code));
        ArrayNode versions = json.putArray("versions");
        view.versions().forEach(version -> versions.add(version(version)));
        view.reproduction().ifPresent(made -> json.set("reproduction", reproduction(made)));
        return json;
    }

    private static ObjectNode reproduction(ReproductionView view) {
        ObjectNode json = Json.object()
                .put("model", view.version().model().toString())
                .put("version", view.version().version().toString())
                .put("digest", view.version().digest().toString())
                .put("tolerance", view.reproduction().tolerance());
        view.reproduction()
                .report()
                .ifPresentOrElse(
                        report -> json.set("report", report.toJson()),
                        () -> json.put("verdict", view.open() ? "open" : "failed"));
        view.reproduction()
                .report()
                .ifPresent(report -> json.put("verdict", report.verdict().label()));
        return json;
    }

    private static ObjectNode version(Trained trained) {
        TrainedVersion how = trained.how();
        ObjectNode json = Json.object()
                .put("version", trained.version().ref().version().toString())
                .put("digest", trained.version().ref().digest().toString())
                .put("held", how.held())
                .put("unchanged", how.unchanged());
        ArrayNode gates = json.putArray("gates");
        how.gates()
                .forEach(gate -> gates.addObject()
                        .put("gate", gate.gate())
                        .put("holds", gate.holds())
                        .put("words", gate.words()));
        ObjectNode metrics = json.putObject("metrics");
        trained.metrics().forEach(metrics::put);
        return json;
    }

    /** A run with all that it was made of: what a version's provenance is. */
    static ObjectNode whole(RunView view) {
        JobRun run = view.run();
        ObjectNode json = run(view);
        json.set("plan", JobPlanJson.write(run.plan()));
        ArrayNode packages = json.putArray("packages");
        run.progress().lock().lines().forEach(packages::add);
        run.progress()
                .log()
                .ifPresent(log -> json.putObject("log")
                        .put("sha256", log.toString())
                        .put("size", run.progress().logSize()));
        return json;
    }
}
