package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ModelwardClient;
import io.modelward.client.RolloutCall;
import io.modelward.core.json.Json;
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
            description = "only if this route revision is still the current one (default: whichever is)")
    private @Nullable Long expectedRevision;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private @Nullable String reason;

    @Option(
            names = "--watch",
            description = "follow it to its end; exit code 6 when it was rolled back, 5 when it could not be loaded")
    private boolean watch;

    @Mixin
    private Patience patience = new Patience();

    @Override
    int run(ModelwardClient client, Out out) {
        RolloutCall call = request();
        if (patience.isLimited() && !watch) {
            throw new Usage("--timeout is for --watch: without --watch nothing is waited for.");
        }
        try {
            JsonNode started =
                    client.rollouts().start(endpoint, call, UUID.randomUUID().toString());
            return tell(client, out, started);
        } catch (ApiException refused) {
            if (!RolloutAgain.mayBe(refused)) {
                throw refused;
            }
            return again(client, out, call, refused);
        }
    }

    private int tell(ModelwardClient client, Out out, JsonNode started) {
        RolloutShow.started(out, started);
        out.blank();
        return follow(client, out, started);
    }

    private int follow(ModelwardClient client, Out out, JsonNode started) {
        if (watch) {
            return RolloutWatching.toTheEnd(client, out, Text.of(started, "id"), patience);
        }
        out.json(started);
        out.line("Watch it: modelward rollout status " + Text.of(started, "id") + " --watch");
        return ExitCodes.DONE;
    }

    /** The same command again is the same answer. */
    private int again(ModelwardClient client, Out out, RolloutCall call, ApiException refused) {
        RolloutAgain asked = new RolloutAgain(client, endpoint, call);
        Optional<String> serving = asked.serving();
        if (serving.isPresent()) {
            out.json(Json.object()
                    .put("endpoint", endpoint)
                    .put("candidate", serving.get())
                    .put("state", "SERVES_ALREADY"));
            out.good(serving.get() + " serves endpoint " + endpoint + " already.");
            return ExitCodes.DONE;
        }
        JsonNode rollout = client.rollouts().get(RolloutAgain.atWork(refused).orElseThrow(() -> refused));
        out.line(Text.of(rollout, "model") + "@" + Text.of(rollout, "candidate") + " is being rolled out already.");
        return follow(client, out, rollout);
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
