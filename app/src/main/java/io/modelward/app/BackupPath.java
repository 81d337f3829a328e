package io.modelward.app;

import io.modelward.core.backup.BackupKey;
import io.modelward.store.backup.BackupKeyFile;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which folder of backups a command looks into, and the key of encrypted backups. */
class BackupPath {

    @Parameters(index = "0", paramLabel = "DIR", description = "a folder of backups")
    private @Nullable Path directory;

    @Option(
            names = "--key",
            paramLabel = "KEYFILE",
            description = "the file of the key of encrypted backups (default: the backups are not encrypted)")
    private @Nullable Path key;

    /** The folder of backups. */
    final Path directory() {
        return Objects.requireNonNull(directory).toAbsolutePath().normalize();
    }

    /** The key that is given. */
    final Optional<BackupKey> key() {
        return Optional.ofNullable(key).map(file -> BackupKeyFile.read(file.toAbsolutePath(), "--key"));
    }
}
