package io.modelward.runtime.sandbox;

import io.modelward.core.problem.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place for everything that a server writes for as long as it lives: directories of workers, native libraries
 * that are unpacked. It lies in the system's temporary folder. A lock says that the server lives; a folder whose lock
 * nobody has is left over from a server that was killed, and is removed at the next start.
 *
 * <p>The launchers make the folder, with the number that the process keeps, and name it to the JVM and to native
 * libraries as the temporary folder: some of them ask nobody else where to write.
 */
public final class TemporaryFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final Pattern NAME = Pattern.compile("modelward-server-([0-9]+)-.*");
    /** Locked for as long as the server lives whose folder it lies in. */
    private static final String LOCK = "lock";

    private final Path path;
    private final ProcessLock lock;

    private TemporaryFolder(Path path, ProcessLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes a folder for this server, and removes those of servers that were killed.
     *
     * @throws StartRefused when the system's temporary folder cannot be written to
     */
    public static TemporaryFolder open() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Optional<Path> given = given(temporary);
        removeLeftovers(given.map(Path::getParent).orElse(temporary));
        try {
            Path path = given.isPresent()
                    ? given.get()
                    : Files.createTempDirectory(
                            temporary,
                            "modelward-server-" + ProcessHandle.current().pid() + "-");
            // Others may pass through to what is theirs, and see nothing else.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
            ProcessLock lock = ProcessLock.tryToGet(path.resolve(LOCK))
                    .orElseThrow(() -> new IOException("another server took the folder"));
            return new TemporaryFolder(path, lock);
        } catch (IOException unwritable) {
            throw new StartRefused("The temporary folder " + temporary + " cannot be used: " + unwritable.getMessage()
                    + ". Make the folder writable, or name another in TMPDIR.");
        }
    }

    /** The folder that the launcher made for this process, unless the process has taken it already. */
    private static Optional<Path> given(Path temporary) {
        Matcher name = NAME.matcher(String.valueOf(temporary.getFileName()));
        boolean own = name.matches()
                && name.group(1).equals(Long.toString(ProcessHandle.current().pid()))
                && temporary.getParent() != null
                && Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)
                && !Files.exists(temporary.resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
        return own ? Optional.of(temporary) : Optional.empty();
    }

    /** Removes the folder that the launcher made, when the process ends without having taken it. */
    public static void leaveUntaken() {
        given(Path.of(System.getProperty("java.io.tmpdir"))).ifPresent(WorkerDirectories::tryToRemove);
    }

    public Path path() {
        return path;
    }

    /** A folder within that nobody else may look into; made when it is not there. */
    public Path folder(String name) throws IOException {
        Path folder = path.resolve(name);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    /** What cannot be looked at or removed is left: it is no reason not to start. */
    private static void removeLeftovers(Path temporary) {
        try (Stream<Path> entries = Files.list(temporary)) {
            for (Path entry : entries.toList()) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    removeIfLeftOver(entry, Long.parseLong(name.group(1)));
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("the temporary folder could not be looked through: {}", unreadable.toString());
        }
    }

    private static void removeIfLeftOver(Path entry, long server) throws IOException {
        try {
            if (isLeftOver(entry, server)) {
                WorkerDirectories.tryToRemove(entry);
            }
        } catch (NoSuchFileException gone) {
            LOG.debug("its server removed a temporary folder meanwhile: {}", entry);
        }
    }

    /** By number where the system tells it: a service's user may have no name. */
    private static boolean isOwn(Path entry) throws IOException {
        int user = Capabilities.own().user();
        return user >= 0
                ? Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(user)
                : Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    private static boolean isLeftOver(Path entry, long server) throws IOException {
        if (!isOwn(entry)) {
            return false;
        }
        if (!Files.isRegularFile(entry.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
            // Just being made, or just being removed.
            return ProcessHandle.of(server).isEmpty();
        }
        Optional<ProcessLock> free = ProcessLock.tryToGet(entry.resolve(LOCK));
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isPresent();
    }

    @Override
    public void close() throws IOException {
        lock.close();
        WorkerDirectories.remove(path);
    }
}
