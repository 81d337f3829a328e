package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Takes a role away at once.",
        footer = {"", "Example: modelward grant remove g-12 --reason 'left the team'"})
final class GrantRemoveCommand extends ServerCommand {

    @Parameters(paramLabel = "ID", description = "as modelward grant list shows it, such as g-12")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) {
        client.access().removeGrant(id, reason);
        out.json(Json.object());
        out.good("Grant " + id + " is gone");
        return ExitCodes.DONE;
    }
}
