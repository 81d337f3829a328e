package io.modelward.registry.backup;

import io.modelward.core.backup.BackupKey;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.backup.BackupKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator has set for backups.
 *
 * @param directory {@code backup.directory}: where backups go by default, and below which they lie
 * @param every {@code backup.every}: how often one is made by itself
 * @param keyFile {@code backup.key-file}: the file of the key that backups are encrypted with by default
 */
public record BackupSettings(Optional<Path> directory, Optional<Duration> every, Optional<Path> keyFile) {

    private static final int LONGEST = 1000;

    /**
     * The folder that is asked for.
     *
     * @param data the data directory
     * @throws ProblemException INVALID when it is no absolute path, REFUSED when no backup may lie there
     */
    Path resolve(Optional<String> asked, Path data) {
        if (asked.isEmpty()) {
            return directory.orElseThrow(() -> ProblemException.invalid(
                    "directory",
                    "directory is missing, and the server has no setting backup.directory. Name an absolute path on the"
                            + " machine of the server."));
        }
        Path path = path(asked.get(), "directory");
        Path real = real(path);
        if (directory.isPresent() && !real.startsWith(real(directory.get()))) {
            throw ProblemException.refused(
                    "directory", "The setting backup.directory of the server allows only folders below it. Name one.");
        }
        if (overlap(real, real(data))) {
            throw ProblemException.refused(
                    "directory",
                    "The folder lies within the data directory, or the other way round. Name one beside it, best on"
                            + " another disk.");
        }
        return path;
    }

    static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /**
     * The key that is asked for; read anew for each backup.
     *
     * @param asked the file of a key, on the machine of the server; empty: the setting, if there is one
     * @param root the folder of backups
     * @throws ProblemException INVALID when there is no such key, REFUSED when it does not lie as it must
     */
    Optional<BackupKey> key(Optional<String> asked, Path root) {
        Optional<Path> file = asked.map(text -> path(text, "key_file")).or(() -> keyFile);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String field = asked.isPresent() ? "key_file" : "backup.key-file";
        if (real(file.get()).startsWith(real(root))) {
            throw ProblemException.refused(
                    field,
                    "The file of the key lies in the folder of backups, where it protects nothing. Keep the key"
                            + " elsewhere.");
        }
        return Optional.of(BackupKeyFile.read(file.get(), field));
    }

    private static Path path(String text, String field) {
        try {
            Path path = Path.of(text);
            if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl) || !path.isAbsolute()) {
                throw ProblemException.invalid(
                        field,
                        field + " is an absolute path on the machine of the server, of at most " + LONGEST
                                + " characters.");
            }
            return path.normalize();
        } catch (InvalidPathException unusable) {
            throw ProblemException.invalid(field, field + " is no path that this machine can have.");
        }
    }

    /** As far as it is there without its links, so that none leads elsewhere. */
    static Path real(Path path) {
        Path end = path.toAbsolutePath().normalize();
        for (Path at = end; at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                try {
                    return at.toRealPath().resolve(at.relativize(end)).normalize();
                } catch (IOException unreadable) {
                    return end;
                }
            }
        }
        return end;
    }
}
