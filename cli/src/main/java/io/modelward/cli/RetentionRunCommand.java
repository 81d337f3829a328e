package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "run",
        description = "Deletes what the rule in force says of a model, now. Until the time to undelete ends, undelete"
                + " brings a version back whole.")
final class RetentionRunCommand extends ServerCommand {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(
            names = "--server",
            description = "ends what the server's settings say of deleted runs and of records of predictions, instead"
                    + " of versions of a model; nothing of it can be brought back (default: no)")
    private boolean server;

    @Option(names = "--yes", description = "also when most versions go (default: no)")
    private boolean yes;

    @Option(
            names = "--fingerprint",
            paramLabel = "TEXT",
            description = "of a preview; nothing is deleted when other versions would go now (default: whatever goes)")
    private String fingerprint = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        RetentionLeftovers.requireOne(name, server);
        if (server) {
            JsonNode ended = client.retention().runOfServer(reason);
            out.json(ended);
            RetentionLeftovers.tell(out, ended, "ended");
            return ExitCodes.DONE;
        }
        Optional<String> expected = Optional.of(fingerprint).filter(text -> !text.isEmpty());
        JsonNode done = client.retention().run(ModelName.parse(name), expected, yes, reason);
        out.json(done);
        if (done.path("deleted").asLong() == 0) {
            out.line("Nothing of " + Text.of(done, "model") + " goes by its rule now.");
            return ExitCodes.DONE;
        }
        out.good("Deleted "
                + RetentionWords.amount(
                        done.path("deleted").asLong(), done.path("bytes").asLong()) + " of "
                + Text.of(done, "model"));
        done.path("versions").forEach(version -> out.line("- " + Text.of(version, "version")));
        out.field("undelete until", Text.time(done, "undelete_until"));
        if (done.path("left").asLong() > 0) {
            out.hint(Text.plural(done.path("left").asLong(), "version") + " more go by the next run.");
        }
        return ExitCodes.DONE;
    }
}
