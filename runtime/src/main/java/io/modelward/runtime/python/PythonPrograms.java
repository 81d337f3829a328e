package io.modelward.runtime.python;

import io.modelward.core.digest.Digest;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.worker.WorkerLauncher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program of Python workers, which lies within the server's own and is unpacked for them. */
final class PythonPrograms {

    /** The programs of a worker; the first one is started. */
    private static final List<String> FILES = List.of(
            "modelward_worker.py",
            "modelward_failures.py",
            "modelward_outputs.py",
            "modelward_pyfunc.py",
            "modelward_native.py",
            "modelward_form.py",
            "modelward_form_graph.py",
            "modelward_form_trees.py",
            "modelward_form_linear.py",
            "modelward_form_prepare.py",
            "modelward_form_compose.py",
            "modelward_form_classify.py",
            "modelward_form_boosters.py",
            "modelward_form_mlflow.py",
            "modelward_form_probe.py");

    private final Sandbox sandbox;

    PythonPrograms(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** The program as this interpreter runs it. */
    WorkerLauncher.Program worker(Path python) throws IOException {
        Path program = sandbox.directories().program("program", PythonPrograms::unpack);
        return new WorkerLauncher.Program(
                List.of(
                        python.toString(),
                        "-I",
                        program.resolve(FILES.getFirst()).toString()),
                environment(python));
    }

    /** Another text for each release whose programs describe models otherwise. */
    static String digest() {
        return Release.DIGEST;
    }

    /** Reads the programs once, and not before they are asked for. */
    private static final class Release {

        private static final String DIGEST = read();

        private static String read() {
            StringBuilder all = new StringBuilder();
            for (String name : FILES) {
                try (InputStream resource = resource(name)) {
                    all.append(name)
                            .append(' ')
                            .append(Digest.of(resource.readAllBytes()))
                            .append('\n');
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            }
            return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
        }
    }

    /** The folder of {@code bin/python}. */
    private static Path environment(Path python) {
        Path folder = python.toAbsolutePath().getParent();
        return folder == null || folder.getParent() == null ? python : folder.getParent();
    }

    private static void unpack(Path directory) throws IOException {
        for (String name : FILES) {
            try (InputStream resource = resource(name)) {
                Files.copy(resource, directory.resolve(name));
            }
        }
    }

    static InputStream resource(String name) {
        InputStream resource = PythonPrograms.class.getResourceAsStream("/io/modelward/runtime/python/" + name);
        if (resource == null) {
            throw new IllegalStateException("the build left out " + name);
        }
        return resource;
    }
}
