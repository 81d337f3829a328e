package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "gc",
        description = "Frees the bytes that nothing names any more: of deleted versions whose time to undelete has"
                + " ended, and of uploads that were never published. The server does it each hour by itself.")
final class GcCommand extends ServerCommand {

    private static final long LOOK_MILLIS = 300;

    @Option(names = "--dry-run", description = "only say what would be freed (default: no)")
    private boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later (default: no reason)")
    private String reason = "";

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        if (dryRun) {
            JsonNode estimate = client.retention().estimate();
            out.json(estimate);
            out.line("A collection would free " + freed(estimate) + ".");
            out.field(
                    "deleted",
                    Text.plural(estimate.path("versions").asLong(), "version") + " would give up their files");
            out.field("left alone", "what was stored less than " + Text.of(estimate, "grace") + " ago");
            return ExitCodes.DONE;
        }
        JsonNode status = client.retention().collect(reason);
        while (status.path("running").asBoolean(false)) {
            pause();
            status = client.retention().collection();
        }
        out.json(status);
        if (status.path("failed").asBoolean(false)) {
            out.bad("The collection failed after " + freed(status)
                    + ". The next one goes on; look at the server's log.");
            return ExitCodes.FAILED;
        }
        out.good("Freed " + freed(status));
        out.field("deleted", Text.plural(status.path("versions").asLong(), "version") + " gave up their files");
        return ExitCodes.DONE;
    }

    private static String freed(JsonNode json) {
        return Text.plural(json.path("blobs").asLong(), "file") + ", "
                + Sizes.human(json.path("bytes").asLong());
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; the server goes on", interrupted);
        }
    }
}
