package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Asks the server for a backup. The application adds the commands that look into a folder of backups. */
@Command(
        name = "backup",
        description = {
            "Has the running server make a backup in a folder of its machine, and waits for it; for administrators.",
            "A second backup into the same folder copies only what is new. Exit code 1 when it fails, 5 when it lacks"
                    + " files that are damaged in the server."
        },
        footer = {
            "",
            "Examples:",
            "  modelward backup /var/backups/modelward",
            "  modelward backup verify /var/backups/modelward",
            "  modelward restore /var/backups/modelward --to /var/lib/modelward"
        })
public final class BackupCommand extends ServerCommand {

    private static final long LOOK_MILLIS = 200;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "an absolute path on the server's machine (default: its setting backup.directory)")
    private @Nullable String directory;

    @Option(
            names = "--catalog-elsewhere",
            description = "without the catalog, which is in a database and was copied with pg_dump before")
    private boolean catalogElsewhere;

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        JsonNode backup = client.backups().start(Optional.ofNullable(directory), catalogElsewhere);
        long number = backup.path("number").asLong();
        while (backup.path("state").asString("").equals("running")) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return ExitCodes.FAILED;
            }
            backup = client.backups().last().path("backup");
            if (backup.path("number").asLong() != number) {
                throw new IOException("The server was started again or makes another backup. See modelward backup list"
                        + " for whether this one is there.");
            }
        }
        out.json(backup);
        return told(out, backup);
    }

    private static int told(Out out, JsonNode backup) {
        String id = backup.path("id").asString("");
        String error = backup.path("error").asString("");
        return switch (backup.path("state").asString("")) {
            case "done" -> {
                out.good("Made the backup " + id + ".");
                copied(out, backup);
                yield ExitCodes.DONE;
            }
            case "damaged" -> {
                out.bad("Made the backup " + id + ", which is not whole.");
                out.line(error);
                copied(out, backup);
                yield ExitCodes.REFUSED;
            }
            default -> {
                out.bad("The backup failed. " + error);
                yield ExitCodes.FAILED;
            }
        };
    }

    private static void copied(Out out, JsonNode backup) {
        out.line("It has everything that was acknowledged before "
                + backup.path("point").asString("") + ". "
                + backup.path("copied").asLong() + " of "
                + backup.path("files").asLong() + " files were new, "
                + Sizes.human(backup.path("copied_bytes").asLong()) + ".");
    }
}
