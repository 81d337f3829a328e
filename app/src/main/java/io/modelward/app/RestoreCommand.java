package io.modelward.app;

import io.modelward.registry.backup.BackupCheck;
import io.modelward.registry.backup.BackupRestorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a data directory of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a new data directory of a backup. Needs no server.",
            "Every file is hashed on its way. Exit code 5 when the backup is damaged; then nothing is made, unless"
                    + " --damaged-too is given."
        })
final class RestoreCommand implements Callable<Integer> {

    @Mixin
    private BackupChoice backup = new BackupChoice();

    @Option(
            names = "--to",
            paramLabel = "DATA",
            required = true,
            description = "the data directory to make; not there yet, or empty (required)")
    private @Nullable Path to;

    @Option(names = "--damaged-too", description = "restore what is not damaged of a damaged backup")
    private boolean damagedToo;

    @Option(names = "--json", description = "print one JSON document, and nothing else")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        Path data = Objects.requireNonNull(to).toAbsolutePath().normalize();
        return BackupFiles.run(command, backup, (disk, folder, scratch, out) -> {
            String wanted = backup.in(folder);
            BackupCheck found =
                    new BackupRestorer(disk, scratch).restore(folder, wanted, data, damagedToo, (_, _) -> {});
            boolean made = found.intact() || Files.exists(data.resolve("format"));
            if (BackupFiles.json(json, command)) {
                out.println(BackupFiles.json(wanted, found).put("restored", made));
                return found.intact() ? BackupFiles.DONE : BackupFiles.REFUSED;
            }
            BackupFiles.damage(out, found);
            if (made) {
                out.println("Restored the backup " + wanted + (found.intact() ? "." : ", without what is damaged."));
                out.println(BackupFiles.point(found.manifest()));
                out.println("Stop the old server before you start the new one: modelward serve --data " + data);
            } else {
                out.println("The backup " + wanted + " is damaged, and nothing was restored. Take another one, or"
                        + " restore what is left of it with --damaged-too.");
            }
            return found.intact() ? BackupFiles.DONE : BackupFiles.REFUSED;
        });
    }
}
