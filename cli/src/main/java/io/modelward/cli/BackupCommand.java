package io.modelward.cli;

import io.modelward.client.BackupCalls;
import io.modelward.client.ModelwardClient;
import io.modelward.core.backup.BackupKey;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
            "  modelward restore /var/backups/modelward --to /var/lib/modelward",
            "  modelward backup /var/backups/sealed --encrypt-with /etc/modelward/backup-key"
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
            description = "without the catalog, which is in a database: copy the database with pg_dump between two of"
                    + " these (default: with the catalog)")
    private boolean catalogElsewhere;

    @Option(
            names = "--encrypt-with",
            paramLabel = "KEYFILE",
            description = "encrypt the backup with the key in this file on the server's machine (default: its setting"
                    + " backup.key-file, else the backup is not encrypted)")
    private @Nullable String encryptWith;

    @Option(
            names = "--check",
            description =
                    "also read the files that earlier backups have, and copy damaged ones again (default:" + " no)")
    private boolean check;

    @Option(
            names = "--new-key",
            paramLabel = "FILE",
            description = "make a key in a new file on this machine, and no backup (default: none)")
    private @Nullable Path newKey;

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        if (newKey != null) {
            return makeKey(newKey, out);
        }
        JsonNode backup = client.backups()
                .start(new BackupCalls.Wish(
                        Optional.ofNullable(directory), Optional.ofNullable(encryptWith), catalogElsewhere, check));
        try (BackupLine line =
                new BackupLine(out.err(), out.isJson() ? OptionalInt.empty() : Terminal.progress(), System::nanoTime)) {
            backup = wait(client, backup, line);
        }
        out.json(backup);
        return told(out, backup);
    }

    private int makeKey(Path file, Out out) throws IOException {
        if (directory != null || encryptWith != null || catalogElsewhere || check) {
            throw new Usage("--new-key only makes a key. Give it without DIR and without other options of a backup.");
        }
        byte[] secret = new byte[BackupKey.BYTES];
        new SecureRandom().nextBytes(secret);
        try (SeekableByteChannel made = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            made.write(ByteBuffer.wrap(BackupKey.of(secret).text().getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException taken) {
            throw new Usage("The file is there already. A key that backups are encrypted with is not replaced; name"
                    + " another file.");
        }
        out.json(Json.object().put("key_file", file.toAbsolutePath().toString()));
        out.good("Made a key in " + file.toAbsolutePath() + ".");
        out.line("Without the key nobody can restore the backups, and nobody can make the key again. Keep a copy where"
                + " neither the server nor the backups are.");
        return ExitCodes.DONE;
    }

    private static JsonNode wait(ModelwardClient client, JsonNode begun, BackupLine line) throws IOException {
        JsonNode backup = begun;
        long number = backup.path("number").asLong();
        while (backup.path("state").asString("").equals("running")) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted; the server goes on", interrupted);
            }
            backup = client.backups().last().path("backup");
            if (backup.path("number").asLong() != number) {
                throw new IOException("The server was started again or makes another backup. See modelward backup list"
                        + " for whether this one is there.");
            }
            line.draw(
                    backup.path("files").asLong(),
                    backup.path("all_files").asLong(),
                    backup.path("copied_bytes").asLong());
        }
        return backup;
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
        if (backup.path("encrypted").asBoolean(false)) {
            out.line("It is encrypted.");
        }
        out.line("It has everything that was acknowledged before "
                + backup.path("point").asString("") + ". "
                + backup.path("copied").asLong() + " of "
                + backup.path("files").asLong() + " files were new, "
                + Sizes.human(backup.path("copied_bytes").asLong()) + ".");
    }
}
