package io.modelward.runtime.python;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.StartRefused;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The environments of this server: the one that pickled models share, and one for each lock of the models that bring
 * their own. One environment is built at a time, on a thread of its own; all versions that need the environment wait
 * for the same build. A failed build is tried again when the environment is next asked for.
 */
final class Environments implements AutoCloseable {

    private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Environments.class);
    private static final long ASK_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private final EnvironmentBuilder builder;
    private final Optional<Path> configured;
    private final Optional<Path> existing;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("environment-builder").factory());
    /** By digest. */
    @GuardedBy("this")
    private final Map<String, PythonEnvironment> known = new HashMap<>();
    /** Found when it is first needed. */
    @GuardedBy("this")
    private @Nullable Interpreter interpreter;

    private final EnvironmentLock worker;
    /** The packages of an environment of the operator's own, once they were read. */
    @GuardedBy("this")
    private Map<String, String> installed = Map.of();
    /** When that environment was asked last, if in vain. */
    @GuardedBy("this")
    private long askedAt = System.nanoTime() - ASK_AGAIN_NANOS - 1;

    Environments(PythonSettings settings, Sandbox sandbox) {
        this.builder = new EnvironmentBuilder(sandbox, settings.sourcePackages(), settings.buildTimeout());
        this.configured = settings.python();
        this.existing = settings.environment();
        this.worker = EnvironmentLock.worker(workerLock());
        requireConfigured();
        if (existing.isEmpty()) {
            thread.execute(this::shared);
        }
    }

    /** What an operator named has to be there: models that do not load would tell of it later, and less plainly. */
    private void requireConfigured() {
        existing.filter(python -> !Files.isExecutable(python)).ifPresent(python -> {
            throw new StartRefused("runtime.environment names no program that can be run: " + python
                    + ". Name the bin/python of an environment, or leave the line out.");
        });
        if (configured.isPresent() && existing.isEmpty()) {
            try {
                interpreter();
            } catch (IOException none) {
                throw new StartRefused(none.getMessage() + ". Name another, or leave the line out.");
            }
        }
    }

    private static byte[] workerLock() {
        try (InputStream resource = PythonPrograms.resource("requirements-worker.txt")) {
            return resource.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The environment of models that bring none. */
    PythonEnvironment shared() {
        return existing.map(python -> PythonEnvironment.ready("", python)).orElseGet(() -> of(worker));
    }

    /** The environment of this lock; from now on it is there or on its way. */
    synchronized PythonEnvironment of(EnvironmentLock lock) {
        String digest;
        try {
            digest = lock.digest(interpreter(), builder.sourcePackages());
        } catch (IOException none) {
            PythonEnvironment failed = PythonEnvironment.waiting("");
            failed.fail(unprepared(none));
            return failed;
        }
        PythonEnvironment present = known.get(digest);
        if (present != null && present.info().state() != EnvironmentInfo.State.FAILED) {
            return present;
        }
        Optional<Path> built = builder.present(lock, digest);
        PythonEnvironment environment = built.map(python -> PythonEnvironment.ready(digest, python))
                .orElseGet(() -> PythonEnvironment.waiting(digest));
        known.put(digest, environment);
        if (built.isEmpty()) {
            thread.execute(() -> build(lock, digest, environment));
        }
        return environment;
    }

    /** The state of the environment of this lock; does not start a build. */
    synchronized EnvironmentInfo info(EnvironmentLock lock) {
        try {
            String digest = lock.digest(interpreter(), builder.sourcePackages());
            PythonEnvironment present = known.get(digest);
            if (present != null) {
                return present.info();
            }
            return builder.present(lock, digest).isPresent()
                    ? new EnvironmentInfo(digest, EnvironmentInfo.State.READY, "")
                    : new EnvironmentInfo(digest, EnvironmentInfo.State.NONE, "");
        } catch (IOException none) {
            return new EnvironmentInfo(
                    "", EnvironmentInfo.State.FAILED, unprepared(none).problem().detail());
        }
    }

    EnvironmentInfo sharedInfo() {
        return existing.map(python -> new EnvironmentInfo("", EnvironmentInfo.State.READY, ""))
                .orElseGet(() -> info(worker));
    }

    /** The releases that this lock names, and Python's. */
    Map<String, String> releases(EnvironmentLock lock) {
        Map<String, String> releases = new HashMap<>(lock.pins());
        try {
            releases.put("python", interpreter().release());
        } catch (IOException none) {
            LOG.debug("no interpreter", none);
        }
        return releases;
    }

    /** The releases in the environment of models that bring none. */
    synchronized Map<String, String> sharedReleases() {
        if (existing.isEmpty()) {
            return releases(worker);
        }
        if (installed.isEmpty() && System.nanoTime() - askedAt > ASK_AGAIN_NANOS) {
            installed = Interpreter.installed(existing.get());
            askedAt = System.nanoTime();
        }
        return installed;
    }

    /** What the environment of models that bring none has. */
    SharedEnvironment sharedEnvironment() {
        return new SharedEnvironment(sharedReleases(), existing.isPresent());
    }

    private void build(EnvironmentLock lock, String digest, PythonEnvironment environment) {
        environment.building();
        try {
            environment.done(builder.build(lock, digest, interpreter()));
        } catch (EnvironmentBuilder.Unbuildable unbuildable) {
            environment.fail(ProblemException.refused(
                    "requirements.txt",
                    "The Python environment that is asked for cannot be built: " + unbuildable.getMessage()));
        } catch (IOException | RuntimeException failure) {
            environment.fail(unprepared(failure));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            environment.fail(unprepared(new IOException("the server is stopping")));
        }
    }

    private synchronized Interpreter interpreter() throws IOException {
        Interpreter found = interpreter;
        if (found == null) {
            try {
                found = Interpreter.find(configured);
                interpreter = found;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("it was interrupted", interrupted);
            }
        }
        return found;
    }

    private static ProblemException unprepared(Exception failure) {
        String prepared = "The Python environment for models could not be prepared: ";
        // A failure of the disk names paths, which are the operator's alone.
        String sentence = prepared
                + (failure instanceof FileSystemException ? "the server's log says why." : failure.getMessage());
        LOG.error(prepared + failure.getMessage());
        return Problem.of(ProblemType.UNAVAILABLE, sentence).exception();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
