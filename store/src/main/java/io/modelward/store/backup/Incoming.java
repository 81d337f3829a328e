package io.modelward.store.backup;

import io.modelward.core.backup.BackupManifest;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder {@code incoming} of a folder of backups, where a backup lies until it is whole. Only what backups make is
 * ever removed from it.
 */
final class Incoming {

    static final String NAME = "incoming";
    private static final String BLOB = "blob";
    /** SQLite makes further files beside a copy of the catalog while it writes the copy. */
    private static final String OWN =
            "files|manifest\\.json|secret-key|segment-[0-9]{9}|catalog\\.sqlite(?:-journal|-wal|-shm)?";

    private Incoming() {}

    /**
     * Removes what an interrupted backup left.
     *
     * @throws ProblemException of kind REFUSED when there is anything else; then nothing was removed
     */
    static void clear(Path root) throws IOException {
        requireOwn(root);
        BackupFolder.remove(root.resolve(NAME));
    }

    /** @throws ProblemException of kind REFUSED when there is anything that backups do not make */
    static void requireOwn(Path root) throws IOException {
        Path incoming = root.resolve(NAME);
        if (!Files.exists(incoming, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isFolder(incoming) || !all(incoming, Incoming::isPart)) {
            throw ProblemException.refused(
                    "directory",
                    "The folder has something named incoming that no backup made. Move that away, or name another"
                            + " folder.");
        }
    }

    /** Whether everything in a folder is as the test says. */
    private static boolean all(Path folder, Test test) throws IOException {
        List<Path> there;
        try (Stream<Path> files = Files.list(folder)) {
            there = files.toList();
        }
        for (Path path : there) {
            if (!test.holds(path)) {
                return false;
            }
        }
        return true;
    }

    @FunctionalInterface
    private interface Test {
        boolean holds(Path path) throws IOException;
    }

    private static boolean isPart(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        return name.matches(BackupManifest.ID)
                ? isFolder(path) && all(path, file -> isFile(file, OWN))
                : isFile(path, BLOB + "|" + BackupHeader.NAME.replace(".", "\\."));
    }

    private static boolean isFile(Path path, String names) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && String.valueOf(path.getFileName()).matches(names);
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
}
