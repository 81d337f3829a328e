package io.modelward.app;

import io.modelward.registry.backup.BackupCheck;
import io.modelward.registry.backup.BackupVerifier;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that a backup would restore. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves that a backup would restore: hashes every file, and checks the catalog, the audit log and the records."
                    + " Needs no server, and changes nothing.",
            "Exit code 5 when anything is damaged, which is named."
        })
final class BackupVerifyCommand implements Callable<Integer> {

    @Mixin
    private BackupChoice backup = new BackupChoice();

    @Option(names = "--json", description = "print one JSON document, and nothing else")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        return BackupFiles.run(command, backup, (disk, folder, scratch, out) -> {
            String wanted = backup.in(folder);
            BackupCheck found = new BackupVerifier(disk, scratch).verify(folder, wanted, (_, _) -> {});
            if (BackupFiles.json(json, command)) {
                out.println(BackupFiles.json(wanted, found));
            } else if (found.intact()) {
                out.println("The backup " + wanted + " is intact: " + found.files() + " files, " + found.bytes()
                        + " bytes, " + found.rows() + " rows that must not change, " + found.records() + " records.");
                out.println(BackupFiles.point(found.manifest()));
            } else {
                out.println("The backup " + wanted + " is damaged.");
                BackupFiles.damage(out, found);
                if (found.damaged().stream().anyMatch(one -> BackupFiles.isShared(one.path()))) {
                    out.println("Damaged files below blobs and predictions are copied again, as far as the server has"
                            + " them, by: modelward backup DIR --check");
                }
            }
            return found.intact() ? BackupFiles.DONE : BackupFiles.REFUSED;
        });
    }
}
