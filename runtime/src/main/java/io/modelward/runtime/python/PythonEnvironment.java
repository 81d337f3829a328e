package io.modelward.runtime.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Python environment that workers run in: a venv with what {@code python/requirements-worker.txt} locks. It is kept under the
 * digest of that file and of Python's version, so that it is built once per machine and lock; a marker written last tells a whole
 * one from one that was interrupted.
 */
public final class PythonEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(PythonEnvironment.class);
    private static final String MARKER = "READY";
    private static final int BUILD_MINUTES = 15;

    private final CompletableFuture<Path> interpreter;
    private volatile String state;

    private PythonEnvironment(CompletableFuture<Path> interpreter, String state) {
        this.interpreter = interpreter;
        this.state = state;
    }

    /** An environment that exists. */
    public static PythonEnvironment existing(Path interpreter) {
        return new PythonEnvironment(CompletableFuture.completedFuture(interpreter), "ready");
    }

    /** Looks for the environment and, when it is not there, builds it in the background. */
    public static PythonEnvironment prepare(Optional<Path> python) {
        PythonEnvironment environment = new PythonEnvironment(new CompletableFuture<>(), "preparing");
        Thread.ofPlatform().daemon().name("worker-environment").start(() -> environment.build(python));
        return environment;
    }

    /** Completes with the interpreter, or fails with a sentence that says why there is none. */
    CompletableFuture<Path> interpreter() {
        return interpreter;
    }

    /** preparing, ready, or failed and why. */
    public String state() {
        return state;
    }

    private void build(Optional<Path> configured) {
        try {
            byte[] lock;
            try (InputStream resource = WorkerDirectories.resource("requirements-worker.txt")) {
                lock = resource.readAllBytes();
            }
            Path python = find(configured);
            Path home = cache().resolve("worker-" + key(lock, version(python)));
            Path interpreterPath = home.resolve("bin/python");
            if (!Files.exists(home.resolve(MARKER))) {
                LOG.info("preparing the Python environment for models; this takes a minute or two, once per machine");
                long start = System.nanoTime();
                install(python, home, lock);
                LOG.info(
                        "the Python environment for models is ready after {} s",
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            }
            state = "ready";
            interpreter.complete(interpreterPath);
        } catch (IOException | UncheckedIOException failure) {
            fail(failure.getMessage());
        } catch (InterruptedException interrupted) {
            fail("it was interrupted");
        }
    }

    private void fail(@org.jspecify.annotations.Nullable String why) {
        String sentence = "The Python environment for models could not be prepared: " + why;
        LOG.error(sentence);
        state = sentence;
        interpreter.completeExceptionally(new IOException(sentence));
    }

    private static void install(Path python, Path home, byte[] lock) throws IOException, InterruptedException {
        Files.createDirectories(home.getParent());
        Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (!held.isValid() || Files.exists(home.resolve(MARKER))) {
                return;
            }
            WorkerDirectories.remove(home);
            run(List.of(python.toString(), "-m", "venv", home.toString()));
            Path requirements = home.resolve("requirements.txt");
            Files.write(requirements, lock);
            run(List.of(
                    home.resolve("bin/python").toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-input",
                    "--disable-pip-version-check",
                    "-r",
                    requirements.toString()));
            Files.createFile(home.resolve(MARKER));
        }
    }

    /** The first interpreter that is new enough and that other users can run too; one below a private home is of no use. */
    private static Path find(Optional<Path> configured) throws IOException, InterruptedException {
        if (configured.isPresent()) {
            return configured.get();
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        try (Stream<Path> folders = Stream.concat(
                Stream.of("/usr/bin", "/usr/local/bin").map(Path::of),
                Stream.of(path.split(":")).filter(folder -> !folder.isBlank()).map(Path::of))) {
            for (Path folder : folders.toList()) {
                for (String name : List.of("python3", "python3.13", "python3.12", "python3.11")) {
                    Path python = folder.resolve(name);
                    if (Files.isExecutable(python) && isNewEnough(python)) {
                        return python;
                    }
                }
            }
        }
        throw new IOException(
                "no Python 3.11 or newer with the module venv was found; install one (Debian: apt install python3-venv)"
                        + " or name it in the configuration as runtime.python");
    }

    private static boolean isNewEnough(Path python) throws InterruptedException {
        try {
            run(List.of(python.toString(), "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"));
            return true;
        } catch (IOException tooOld) {
            return false;
        }
    }

    private static String version(Path python) throws IOException, InterruptedException {
        return run(List.of(python.toString(), "-c", "import sys; print(sys.version, sys.prefix)"));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("it took more than " + BUILD_MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException(output.substring(Math.max(0, output.length() - 600)));
        }
        return output;
    }

    private static Path cache() {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/cache/modelward");
        }
        return Path.of(System.getProperty("user.home"), ".cache", "modelward");
    }

    private static String key(byte[] lock, String version) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(lock);
            sha256.update(version.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
