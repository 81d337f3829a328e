package io.modelward.app;

import io.modelward.core.backup.BackupManifest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.backup.BackupFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists the backups of a folder. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the backups of a folder, oldest first. Needs no server.",
            "Exit code 5 when the folder has no backups that this release can read."
        })
final class BackupListCommand implements Callable<Integer> {

    @Mixin
    private BackupPath path = new BackupPath();

    @Option(names = "--json", description = "print one JSON document, and nothing else")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        return BackupFiles.run(command, path, (_, folder, _, out) -> {
            if (BackupFiles.json(json, command)) {
                out.println(document(folder));
            } else {
                lines(folder, out);
            }
            return BackupFiles.DONE;
        });
    }

    private static ObjectNode document(BackupFolder folder) throws IOException {
        ObjectNode document = Json.object().put("registry", folder.registry()).put("encrypted", !folder.isPlain());
        ArrayNode backups = document.putArray("backups");
        for (String id : folder.ids()) {
            if (folder.isLocked()) {
                backups.addObject().put("id", id);
                continue;
            }
            try {
                backups.add(folder.manifest(id).json());
            } catch (ProblemException damaged) {
                backups.addObject()
                        .put("id", id)
                        .put("damaged", damaged.problem().detail());
            }
        }
        return document;
    }

    private static void lines(BackupFolder folder, PrintWriter out) throws IOException {
        out.println("Backups of the registry " + folder.registry());
        if (folder.ids().isEmpty()) {
            out.println("There is none yet.");
        }
        if (folder.isLocked()) {
            folder.ids().forEach(out::println);
            out.println("They are encrypted. With --key KEYFILE this command tells more of them.");
            return;
        }
        for (String id : folder.ids()) {
            try {
                BackupManifest one = folder.manifest(id);
                out.println(id + "  until " + one.point() + "  " + one.files() + " files  " + one.bytes() + " bytes"
                        + (one.catalogInside() ? "" : "  without the catalog")
                        + (one.unreadable() == 0 ? "" : "  lacks " + one.unreadable() + " files"));
            } catch (ProblemException damaged) {
                out.println(id + "  " + damaged.problem().detail());
            }
        }
    }
}
