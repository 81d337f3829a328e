package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "show", description = "Shows a job and its newest run.")
final class JobShowCommand extends ServerCommand {

    @Parameters(paramLabel = "JOB", description = "its name")
    private String job = "";

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode found = client.jobs().job(job);
        out.json(found);
        out.title(Text.of(found, "job") + " trains " + Text.of(found, "model"));
        out.field("schedule", JobWords.schedule(found));
        out.field("next", Text.of(found, "next_at"));
        out.field("command", Show.joined(found.path("command")).replace(", ", " "));
        out.field("code", Text.of(found.path("code"), "archive"));
        out.field("commit", Text.of(found.path("code"), "commit"));
        found.path("data").forEach(file -> out.field("data", Text.of(file, "name") + " " + Text.of(file, "sha256")));
        out.field("requirements", Show.joined(found.path("requirements")));
        out.field("demands", Show.joined(found.path("require")));
        out.field("rollout", Text.of(found.path("rollout"), "strategy"));
        out.field("timeout", Text.of(found, "timeout"));
        out.field("secrets", Show.joined(found.path("secrets")));
        if (found.path("latest_run").isObject()) {
            out.blank();
            JobWords.tell(out, found.path("latest_run"));
        }
        return ExitCodes.DONE;
    }
}
