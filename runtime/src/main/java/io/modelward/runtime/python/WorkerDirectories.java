package io.modelward.runtime.python;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private directories of this server's workers, in the system's temporary directory: a worker must not be able to reach them
 * through the data directory, which it cannot even enter. What servers left that no longer run is removed at start.
 */
final class WorkerDirectories implements AutoCloseable {

    /** What a worker runs; the first is the one that is started. */
    private static final List<String> PROGRAM =
            List.of("modelward_worker.py", "modelward_outputs.py", "modelward_pyfunc.py");

    private static final Pattern NAME = Pattern.compile("modelward-workers-([0-9]+)-.*");

    private final Path root;
    private final Path program;
    private final AtomicInteger next = new AtomicInteger();

    WorkerDirectories() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        removeLeftovers(temporary);
        this.root = Files.createTempDirectory(
                temporary, "modelward-workers-" + ProcessHandle.current().pid() + "-");
        // Others may pass through to their own directory, and see nothing else.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        this.program = Files.createDirectory(root.resolve("program"));
        for (String name : PROGRAM) {
            Path script = program.resolve(name);
            try (InputStream resource = resource(name)) {
                Files.copy(resource, script);
            }
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        }
        // Python lists the folder that it imports from.
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static InputStream resource(String name) {
        InputStream resource = WorkerDirectories.class.getResourceAsStream("/io/modelward/runtime/python/" + name);
        if (resource == null) {
            throw new IllegalStateException("the build left out " + name);
        }
        return resource;
    }

    Path script() {
        return program.resolve(PROGRAM.getFirst());
    }

    /** A new directory that only the server may enter until it is handed over. */
    Path create() throws IOException {
        Path directory = root.resolve("w" + next.incrementAndGet());
        return Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Gives the directory and all in it to a numeric user. */
    static void handOver(Path directory, int user) throws IOException {
        if (user < 0) {
            return;
        }
        own(directory, user);
    }

    /** Makes the directory and all in it the server's own again, when it was handed over. */
    static void takeBack(Path directory) throws IOException {
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

    /** Removes a tree without following links. */
    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
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

    private static void removeLeftovers(Path temporary) throws IOException {
        try (Stream<Path> entries = Files.list(temporary)) {
            for (Path entry : entries.toList()) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                        && Files.getOwner(entry).getName().equals(System.getProperty("user.name"))) {
                    remove(entry);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        remove(root);
    }
}
