package io.modelward.app;

import io.modelward.store.backup.BackupFolder;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which backup of a folder a command is about. */
final class BackupChoice extends BackupPath {

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description = "as modelward backup list shows it (default: the newest)")
    private @Nullable String id;

    /** The id of the backup in its folder. */
    String in(BackupFolder folder) throws IOException {
        return folder.find(Optional.ofNullable(id));
    }
}
