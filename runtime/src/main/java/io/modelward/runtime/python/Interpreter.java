package io.modelward.runtime.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Python of this machine that environments are made from.
 *
 * @param version its release and build
 */
record Interpreter(Path path, String version) {

    private static final int PROBE_SECONDS = 20;

    /**
     * The configured one, or the first that is new enough and that other users can run too; one below a private home is of no use.
     *
     * @throws IOException with a sentence for the operator
     */
    static Interpreter find(Optional<Path> configured) throws IOException, InterruptedException {
        if (configured.isPresent()) {
            return of(configured.get())
                    .orElseThrow(() -> new IOException(
                            "runtime.python names no Python 3.11 or newer with the module venv: " + configured.get()));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        try (Stream<Path> folders = Stream.concat(
                Stream.of("/usr/bin", "/usr/local/bin").map(Path::of),
                Stream.of(path.split(":")).filter(folder -> !folder.isBlank()).map(Path::of))) {
            for (Path folder : folders.toList()) {
                for (String name : List.of("python3", "python3.13", "python3.12", "python3.11")) {
                    Path python = folder.resolve(name);
                    Optional<Interpreter> found = Files.isExecutable(python) ? of(python) : Optional.empty();
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
            }
        }
        throw new IOException(
                "no Python 3.11 or newer with the module venv was found; install one (Debian: apt install python3-venv)"
                        + " or name it in the configuration as runtime.python");
    }

    private static Optional<Interpreter> of(Path python) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            python.toString(),
                            "-c",
                            "import sys, venv, ensurepip; print(sys.version, sys.prefix); sys.exit(sys.version_info < (3, 11))")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException unusable) {
            return Optional.empty();
        }
        process.getOutputStream().close();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.empty();
        }
        return process.exitValue() == 0 ? Optional.of(new Interpreter(python, version)) : Optional.empty();
    }
}
