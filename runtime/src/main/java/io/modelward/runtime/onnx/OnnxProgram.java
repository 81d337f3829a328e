package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.worker.WorkerLauncher;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/**
 * The program of the child process: this server's own Java, with the classes of the server that {@link OnnxWorker}
 * needs. The classes are copied to where a worker may read them, since a worker may not read where the server is
 * installed.
 */
final class OnnxProgram {

    /** Where the program of a child comes from. */
    @FunctionalInterface
    interface Source {
        WorkerLauncher.Program worker() throws IOException;
    }

    /** One class of each library that the worker needs. */
    private static final List<Class<?>> NEEDED = List.of(
            OnnxWorker.class,
            Json.class,
            OrtEnvironment.class,
            ObjectMapper.class,
            JsonParser.class,
            JsonInclude.class,
            LoggerFactory.class,
            Nullable.class);

    /** Few and small: it serves one model, and starts whenever a version is published or loaded. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ErrorFile=/dev/null",
            // Java does not read TMPDIR.
            "-Djava.io.tmpdir=" + WorkerLauncher.Program.HOME,
            "--enable-native-access=ALL-UNNAMED");

    private final WorkerDirectories directories;
    private final boolean otherUsers;

    OnnxProgram(Sandbox sandbox) {
        this.directories = sandbox.directories();
        this.otherUsers = sandbox.isolation().level().ownUser();
    }

    /** @throws io.modelward.core.problem.ProblemException UNAVAILABLE when workers cannot reach this Java */
    WorkerLauncher.Program worker() throws IOException {
        requireReachable();
        Path classes = directories.program("onnx", OnnxProgram::copy);
        Path home = Path.of(System.getProperty("java.home"));
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(OPTIONS);
        try (Stream<Path> all = Files.list(classes)) {
            command.addAll(List.of(
                    "-cp",
                    String.join(
                            File.pathSeparator, all.map(Path::toString).sorted().toList())));
        }
        command.add(OnnxWorker.class.getName());
        return new WorkerLauncher.Program(command, home);
    }

    /** A Java below a private home cannot be started by another user. */
    private void requireReachable() throws IOException {
        if (!otherUsers) {
            return;
        }
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        for (Path folder = home; folder != null; folder = folder.getParent()) {
            if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw Problem.of(
                                ProblemType.UNAVAILABLE,
                                "Graphs are tried by another user, who cannot reach the Java of this server. Install Modelward, or the"
                                        + " JDK, where all users may read, such as below /opt.")
                        .exception();
            }
        }
    }

    private static void copy(Path directory) throws IOException {
        Set<Path> sources = new LinkedHashSet<>();
        for (Class<?> one : NEEDED) {
            try {
                sources.add(Path.of(
                        one.getProtectionDomain().getCodeSource().getLocation().toURI()));
            } catch (URISyntaxException impossible) {
                throw new IOException(impossible);
            }
        }
        int number = 0;
        for (Path source : sources) {
            Path target = directory.resolve(String.format("%02d-", number++) + source.getFileName());
            try (Stream<Path> all = Files.walk(source)) {
                for (Path path : all.toList()) {
                    Path copy = target.resolve(source.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(path, path.equals(source) ? target : copy);
                    }
                }
            }
        }
    }
}
