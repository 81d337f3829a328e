package io.modelward.store.backup;

import io.modelward.core.backup.BackupKey;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Reads the file of a key of backups. */
public final class BackupKeyFile {

    /** A key takes 44 characters; whoever made the file may have added spaces. */
    private static final long LARGEST = 1000;

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private BackupKeyFile() {}

    /**
     * Reads it.
     *
     * @param field that named the file, for messages
     * @throws ProblemException of kind INVALID when there is no key, REFUSED when other users may read or change it
     */
    public static BackupKey read(Path file, String field) {
        try {
            if (!Files.exists(file)) {
                throw ProblemException.invalid(
                        field,
                        "The file that " + field + " names is not there. Make a key with: modelward backup --new-key"
                                + " FILE.");
            }
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                // As what has no key in it: the parser says what a key is.
                return BackupKey.parse("", field);
            }
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw ProblemException.refused(
                        field,
                        "Every user of the machine may read or change the file that " + field
                                + " names. Take these rights away: chmod 600 FILE.");
            }
            return BackupKey.parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1), field);
        } catch (IOException unreadable) {
            throw ProblemException.invalid(
                    field,
                    "The file that " + field + " names cannot be read. Give the user of this program the right to.");
        }
    }
}
