package io.modelward.runtime.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What runs need of this release: the program that begins a run, and the Python client. */
final class JobPrograms {

    static final String BEGIN = "modelward_job.py";
    /** The exit code of a command that does not exist. */
    static final int NO_COMMAND = 127;
    /** The exit code when code and data could not be laid out. */
    static final int NO_FILES = 97;

    static final List<String> CLIENT = List.of(
            "VERSION",
            "__init__.py",
            "_try_load.py",
            "access.py",
            "aio.py",
            "bundle.py",
            "changes.py",
            "cleancheck.py",
            "credentials.py",
            "encoding.py",
            "errors.py",
            "helpers.py",
            "loading.py",
            "operations.py",
            "progress.py",
            "publishing.py",
            "registry.py",
            "results.py",
            "rollouts.py",
            "rows.py",
            "testing.py",
            "transport.py");

    private JobPrograms() {}

    static void unpack(Path directory) throws IOException {
        copy(BEGIN, directory.resolve(BEGIN));
        Path client = Files.createDirectories(directory.resolve("client/modelward"));
        for (String name : CLIENT) {
            copy("client/modelward/" + name, client.resolve(name));
        }
    }

    private static void copy(String name, Path to) throws IOException {
        try (InputStream resource = JobPrograms.class.getResourceAsStream("/io/modelward/runtime/job/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("the build left out " + name);
            }
            Files.copy(resource, to);
        }
    }
}
