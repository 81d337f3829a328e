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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private directories of this server's workers, in its temporary folder: a worker must not be able to reach them
 * through the data directory, which it cannot even enter.
 */
public final class WorkerDirectories {

    private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(WorkerDirectories.class);
    private static final long REMOVAL_SECONDS = 60;

    private final Path root;
    private final AtomicInteger next = new AtomicInteger();

    public WorkerDirectories(TemporaryFolder temporary) throws IOException {
        this.root = temporary.folder("workers");
        // Others may pass through to their own directory, and see nothing else.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
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
        if (user >= 0) {
            FileOwners.give(directory, user);
        }
    }

    /** Makes the directory and all in it the server's own again, when it was handed over. */
    public static void takeBack(Path directory) throws IOException {
        FileOwners.take(directory);
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
            if (!Capabilities.own().reachesAllFiles()) {
                FileOwners.take(directory);
            }
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
}
