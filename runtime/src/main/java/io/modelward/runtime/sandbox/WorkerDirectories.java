package io.modelward.runtime.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private directories of this server's workers, in the system's temporary directory: a worker must not be able to
 * reach them through the data directory, which it cannot even enter. What servers left that no longer run is removed at
 * start.
 */
public final class WorkerDirectories implements AutoCloseable {

    private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(WorkerDirectories.class);
    private static final Pattern NAME = Pattern.compile("modelward-workers-([0-9]+)-.*");
    /** Locked for as long as the server lives whose directory it lies in. */
    private static final String LOCK = "lock";

    private final Path root;
    private final ProcessLock lock;
    private static final long REMOVAL_SECONDS = 60;

    private final AtomicInteger next = new AtomicInteger();

    public WorkerDirectories() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        removeLeftovers(temporary);
        this.root = Files.createTempDirectory(
                temporary, "modelward-workers-" + ProcessHandle.current().pid() + "-");
        // Others may pass through to their own directory, and see nothing else.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        this.lock = ProcessLock.tryToGet(root.resolve(LOCK))
                .orElseThrow(() -> new IOException("another server took the directory for workers"));
    }

    public Path root() {
        return root;
    }

    /** Fills a directory. */
    @FunctionalInterface
    public interface Filler {
        void fill(Path directory) throws IOException;
    }

    /**
     * A directory that all workers may read and none may write, for what they run; filled when it is asked for first.
     */
    public synchronized Path program(String name, Filler filler) throws IOException {
        Path program = root.resolve(name);
        if (!Files.exists(program)) {
            Path unfinished = Files.createDirectory(root.resolve(name + ".unfinished"));
            try {
                filler.fill(unfinished);
                readable(unfinished);
                Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(unfinished);
            }
        }
        return program;
    }

    /** Python lists the folder that it imports from, so that folders may be listed too. */
    private static void readable(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** A new directory that only the server may enter until it is handed over. */
    public Path create() throws IOException {
        Path directory = root.resolve("w" + next.incrementAndGet());
        return Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Gives the directory and all in it to a numeric user. */
    public static void handOver(Path directory, int user) throws IOException {
        if (user < 0) {
            return;
        }
        own(directory, user);
    }

    /** Makes the directory and all in it the server's own again, when it was handed over. */
    public static void takeBack(Path directory) throws IOException {
        if ("root".equals(System.getProperty("user.name"))) {
            own(directory, 0);
        }
    }

    private static void own(Path directory, int user) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                // Of a link, the link: what it leads to may be anything.
                Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /**
     * Removes a tree without following links, whatever a model has made of it: names may be longer than a path can be,
     * and folders may be closed to their owner.
     */
    public static void remove(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            removeOrdinary(directory);
        } catch (IOException | UncheckedIOException | StackOverflowError odd) {
            removeOdd(directory);
        }
    }

    private static void removeOrdinary(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The system's own command goes down step by step and needs no whole path. */
    private static void removeOdd(Path directory) throws IOException {
        for (List<String> command : List.of(
                List.of("chmod", "-R", "u+rwX", "--", directory.toString()),
                List.of("rm", "-rf", "--one-file-system", "--", directory.toString()))) {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!process.waitFor(REMOVAL_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a worker's directory cannot be removed");
        }
    }

    /** As {@link #remove}; what cannot be removed now is removed at the next start. */
    public static void tryToRemove(Path directory) {
        try {
            remove(directory);
        } catch (IOException | RuntimeException left) {
            LOG.warn("a worker's directory could not be removed; the next start tries again: {}", left.toString());
        }
    }

    /** What cannot be looked at or removed is left: it is no reason not to start. */
    private static void removeLeftovers(Path temporary) {
        try (Stream<Path> entries = Files.list(temporary)) {
            for (Path entry : entries.toList()) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && isLeftOver(entry, Long.parseLong(name.group(1)))) {
                    tryToRemove(entry);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("the temporary folder could not be looked through: {}", unreadable.toString());
        }
    }

    private static boolean isLeftOver(Path entry, long server) throws IOException {
        if (!Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"))) {
            return false;
        }
        if (!Files.isRegularFile(entry.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
            // Just being made, or of a release that made no locks.
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
        remove(root);
    }
}
