package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.RolloutCall;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.Selector;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "start",
        description = {
            "Starts to move an endpoint to a version step by step, and says which limits are in force and what"
                    + " they can see.",
            "While another rollout of the endpoint is at work it waits for its end, unless --supersede is given."
        })
final class RolloutStartCommand extends ServerCommand {

    @Parameters(paramLabel = "ENDPOINT", description = "for example iris")
    private String endpoint = "";

    @Parameters(paramLabel = "VERSION", description = "the candidate: 1.1.0, another selector, or iris@1.1.0")
    private String version = "";

    @Mixin
    private RolloutPlanOptions plan = new RolloutPlanOptions();

    @Option(names = "--supersede", description = "take the place of a rollout that is at work")
    private boolean supersede;

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "only if this route revision is still the current one")
    private @Nullable Long expectedRevision;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private @Nullable String reason;

    @Option(
            names = "--watch",
            description = "follow it to its end; exit code 6 when it was rolled back, 5 when it could not be loaded")
    private boolean watch;

    @Override
    int run(ModelwardClient client, Out out) {
        JsonNode started =
                client.rollouts().start(endpoint, request(), UUID.randomUUID().toString());
        if (watch) {
            RolloutShow.started(out, started);
            out.blank();
            return RolloutWatching.toTheEnd(client, out, Text.of(started, "id"));
        }
        out.json(started);
        RolloutShow.started(out, started);
        out.blank();
        out.line("Watch it: modelward rollout status " + Text.of(started, "id") + " --watch");
        return ExitCodes.DONE;
    }

    private RolloutCall request() {
        Optional<ModelName> model = Optional.empty();
        String candidate = version;
        if (version.indexOf('@') >= 0) {
            Reference reference = Reference.parse(version);
            model = Optional.of(reference.model());
            candidate = reference.selector().toString();
        }
        return new RolloutCall(
                model,
                Selector.parse(candidate).toString(),
                plan.json(),
                supersede,
                expectedRevision == null ? OptionalLong.empty() : OptionalLong.of(expectedRevision),
                Optional.ofNullable(reason));
    }
}
