package io.modelward.app;

import io.modelward.store.backup.BackupFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which backup a command is about. */
final class BackupChoice {

    @Parameters(index = "0", paramLabel = "DIR", description = "a folder of backups")
    private @Nullable Path directory;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description = "as modelward backup list shows it (default: the newest)")
    private @Nullable String id;

    /** The folder of backups. */
    Path directory() {
        return Objects.requireNonNull(directory);
    }

    /** The id of the backup in its folder. */
    String in(BackupFolder folder) throws IOException {
        return folder.find(Optional.ofNullable(id));
    }
}
