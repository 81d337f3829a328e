package io.modelward.runtime.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
     * The configured one, or the first that is new enough and that other users can run too; one below a private home is
     * of no use.
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

    /** Its release, such as {@code 3.11.2}. */
    String release() {
        return version.split("\\s", 2)[0];
    }

    /**
     * The releases of Python and of what is installed beside an interpreter, by name; nothing when it cannot be asked.
     */
    static Map<String, String> installed(Path python) {
        String script = "import platform, re, importlib.metadata as m; print('python==' + platform.python_version());"
                + " [print(re.sub(r'[-_.]+', '-', d.metadata['Name']).lower() + '==' + d.version) for d in"
                + " m.distributions() if d.metadata and d.metadata['Name']]";
        try {
            Process process = new ProcessBuilder(python.toString(), "-I", "-c", script)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            CompletableFuture<Void> late = CompletableFuture.runAsync(
                    process::destroyForcibly, CompletableFuture.delayedExecutor(PROBE_SECONDS, TimeUnit.SECONDS));
            String found = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            late.cancel(false);
            if (process.waitFor() != 0) {
                return Map.of();
            }
            Map<String, String> releases = new HashMap<>();
            for (String line : found.lines().toList()) {
                String[] parts = line.split("==", 2);
                if (parts.length == 2) {
                    releases.put(parts[0], parts[1]);
                }
            }
            return releases;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (IOException unusable) {
            return Map.of();
        }
    }

    private static Optional<Interpreter> of(Path python) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            python.toString(),
                            "-c",
                            "import sys, venv, ensurepip; print(sys.version, sys.prefix);"
                                    + " sys.exit(sys.version_info < (3, 11))")
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
