package io.modelward.app;

import io.modelward.core.backup.BackupManifest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.backup.BackupCheck;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the commands over a folder of backups share: they need no server. */
final class BackupFiles {

    static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NOT_FOUND = 3;
    private static final int CONFLICT = 4;
    static final int REFUSED = 5;

    private BackupFiles() {}

    /** The work of a command. */
    @FunctionalInterface
    interface Work {
        /** @return the exit code */
        int on(Disk disk, BackupFolder folder, Path scratch, PrintWriter out) throws IOException;
    }

    static int run(CommandSpec spec, BackupPath path, Work work) {
        CommandLine command = spec.commandLine();
        // What libraries tell of their own work is no answer of the command.
        LogSettings.read(new Configuration(Map.of("log.level", "warn"))).apply();
        try (TemporaryFolder temporary = Application.temporaryFolder()) {
            Disk disk = new LocalDisk(Failpoints.NONE);
            BackupFolder folder = BackupFolder.look(disk, path.directory(), path.key());
            return work.on(disk, folder, temporary.folder("backup"), command.getOut());
        } catch (StartRefused refused) {
            command.getErr().println(refused.getMessage());
            return REFUSED;
        } catch (ProblemException problem) {
            command.getErr().println(problem.problem().detail());
            return switch (problem.problem().type()) {
                case INVALID -> USAGE;
                case NOT_FOUND -> NOT_FOUND;
                case CONFLICT -> CONFLICT;
                default -> REFUSED;
            };
        } catch (IOException failure) {
            command.getErr().println("A file could not be read or written: " + failure.getMessage());
            return FAILED;
        } finally {
            command.getOut().flush();
            command.getErr().flush();
        }
    }

    /** Whether --json was given, here or before the command. */
    static boolean json(boolean option, CommandSpec spec) {
        var before = spec.root().findOption("--json");
        return option || (before != null && Boolean.TRUE.equals(before.getValue()));
    }

    static ObjectNode json(String id, BackupCheck found) {
        ObjectNode json = Json.object().put("id", id).put("intact", found.intact());
        json.put("files", found.files())
                .put("bytes", found.bytes())
                .put("records", found.records())
                .put("rows", found.rows());
        found.manifest().ifPresent(manifest -> json.set("manifest", manifest.json()));
        ArrayNode damaged = json.putArray("damaged");
        found.damaged()
                .forEach(one -> damaged.addObject().put("path", one.path()).put("what", one.what()));
        return json.put("more_damaged", found.unnamed());
    }

    static void damage(PrintWriter out, BackupCheck found) {
        found.damaged().forEach(one -> out.println("Damaged: " + one.path() + ": " + one.what() + "."));
        if (found.unnamed() > 0) {
            out.println("And " + found.unnamed() + " more.");
        }
    }

    /** Whether backups share the file, so that a later one can put it in order. */
    static boolean isShared(String path) {
        return path.startsWith("blobs/") || path.startsWith("predictions/");
    }

    /** The point of a backup in words. */
    static String point(Optional<BackupManifest> manifest) {
        return manifest.map(one -> "It has everything that was acknowledged before " + one.point()
                        + one.audit()
                                .map(last ->
                                        "; its last entry of the audit log is " + last.sequence() + " of " + last.at())
                                .orElse("")
                        + "." + (one.catalogInside() ? "" : " The catalog is not in it."))
                .orElse("");
    }
}
