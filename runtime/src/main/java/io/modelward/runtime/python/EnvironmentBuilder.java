package io.modelward.runtime.python;

import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.WorkerDirectories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds environments in the cache folder, a venv each, under their digest. The builder holds the lock file beside it,
 * so that two servers of a machine do not write the same files; a marker written last tells a whole environment from
 * one that was interrupted.
 *
 * <p>pip works as a user that can read neither the server's files nor its environment, in a folder of its own. The
 * folder is the server's afterwards, so that no worker can change the environment. With wheels only, none of the code
 * that is installed runs while it is.
 *
 * @param sourcePackages whether packages without a wheel may be built, which runs their code
 * @param limit for one environment
 */
record EnvironmentBuilder(Sandbox sandbox, boolean sourcePackages, Duration limit) {

    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentBuilder.class);
    private static final String MARKER = "READY";

    /** An environment cannot be built; the message is a sentence for people. */
    static final class Unbuildable extends Exception {
        Unbuildable(String message) {
            super(message);
        }
    }

    /** The interpreter of this environment, when it is there. */
    Optional<Path> present(EnvironmentLock lock, String digest) {
        Path home = home(lock, digest);
        return Files.exists(home.resolve(MARKER)) ? Optional.of(python(home)) : Optional.empty();
    }

    /**
     * Builds it when it is not there.
     *
     * @throws Unbuildable when its requirements cannot be had
     * @throws IOException when this machine is at fault
     */
    Path build(EnvironmentLock lock, String digest, Interpreter interpreter)
            throws IOException, InterruptedException, Unbuildable {
        Path home = home(lock, digest);
        Files.createDirectories(home.getParent());
        Path lockFile = home.resolveSibling(home.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !Files.exists(home.resolve(MARKER))) {
                LOG.info(
                        "building the Python environment {}; this takes a minute or two, once per machine",
                        home.getFileName());
                long start = System.nanoTime();
                install(lock, home, interpreter);
                LOG.info(
                        "the Python environment {} is ready after {} s",
                        home.getFileName(),
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            }
            return python(home);
        }
    }

    private void install(EnvironmentLock lock, Path home, Interpreter interpreter)
            throws IOException, InterruptedException, Unbuildable {
        WorkerDirectories.remove(home);
        Path venv = Files.createDirectories(home.resolve("venv"));
        Path scratch = Files.createDirectory(home.resolve("build"));
        Path pipCache = Files.createDirectories(home.resolveSibling("pip"));
        copyPipSettings(scratch);
        int user = sandbox.isolation().buildUser();
        WorkerDirectories.handOver(venv, user);
        WorkerDirectories.handOver(scratch, user);
        WorkerDirectories.handOver(pipCache, user);
        BuildStep step = new BuildStep(sandbox, user, scratch, home.resolve("log"), BuildStep.deadline(limit));
        // Code that a source package runs could leave something in the cache for the next environment.
        Map<String, String> settings =
                sourcePackages ? Map.of("PIP_NO_CACHE_DIR", "1") : Map.of("PIP_CACHE_DIR", pipCache.toString());
        try {
            step.run(List.of(interpreter.path().toString(), "-m", "venv", venv.toString()), Map.of());
            pip(step, home, lock, settings);
            WorkerDirectories.takeBack(venv);
            WorkerDirectories.remove(scratch);
            Files.createFile(home.resolve(MARKER));
        } catch (BuildStep.Failed failed) {
            LOG.warn(
                    "the Python environment {} could not be built: {}; {}",
                    home.getFileName(),
                    failed.getMessage(),
                    failed.output());
            WorkerDirectories.remove(home);
            if (failed.late()) {
                throw new IOException("building it took more than " + limit.toSeconds() + " seconds");
            }
            throw new Unbuildable(PipWords.reason(failed.output(), sourcePackages));
        }
    }

    private void pip(BuildStep step, Path home, EnvironmentLock lock, Map<String, String> settings)
            throws IOException, InterruptedException, BuildStep.Failed {
        try {
            step.run(pip(home, lock.lines(), List.of()), settings);
        } catch (BuildStep.Failed failed) {
            boolean noSmallMlflow = lock.mlflow().isPresent()
                    && PipWords.lacks(
                            failed.output(), "mlflow-skinny==" + lock.mlflow().get());
            if (!noSmallMlflow) {
                throw failed;
            }
            pip(step, home, lock.withWholeMlflow(), settings);
        }
        if (lock.onTop().isPresent()) {
            step.run(pip(home, List.of(lock.onTop().get()), List.of("--no-deps")), settings);
        }
    }

    private List<String> pip(Path home, List<String> lines, List<String> options) throws IOException {
        Path requirements = home.resolve("requirements.txt");
        Files.write(requirements, lines);
        List<String> command = new ArrayList<>(List.of(
                python(home).toString(),
                "-m",
                "pip",
                "install",
                // Not --quiet: pip would leave out which requirements contradict each other.
                "--progress-bar",
                "off",
                "--no-input",
                "--disable-pip-version-check"));
        if (!sourcePackages) {
            command.addAll(List.of("--only-binary", ":all:"));
        }
        command.addAll(options);
        command.addAll(List.of("-r", requirements.toString()));
        return command;
    }

    /** The registries that the operator configured for pip as this server's user. */
    private static void copyPipSettings(Path scratch) throws IOException {
        Path own = Path.of(System.getProperty("user.home"));
        for (String name : List.of(".config/pip/pip.conf", ".pip/pip.conf")) {
            if (Files.isReadable(own.resolve(name))) {
                Files.createDirectories(scratch.resolve(name).getParent());
                Files.copy(own.resolve(name), scratch.resolve(name));
            }
        }
    }

    private static Path python(Path home) {
        return home.resolve("venv/bin/python");
    }

    private static Path home(EnvironmentLock lock, String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return cache().resolve(lock.kind() + "-" + hex.substring(0, 32));
    }

    /** The one that systemd gives a service; root's; or below the user's home. */
    private static Path cache() {
        Optional<Path> service = folder("CACHE_DIRECTORY");
        if (service.isPresent()) {
            return service.get();
        }
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/cache/modelward");
        }
        return folder("XDG_CACHE_HOME")
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("modelward");
    }

    private static Optional<Path> folder(String variable) {
        return Optional.ofNullable(System.getenv(variable)).map(Path::of).filter(Path::isAbsolute);
    }
}
