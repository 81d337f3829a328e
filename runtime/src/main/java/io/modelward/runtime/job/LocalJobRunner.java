package io.modelward.runtime.job;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.ScriptEnvironments;
import io.modelward.runtime.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs jobs on this machine: each as a user of its own with files, memory and time of its own, as far as the platform
 * allows, with the network, and without anything of the server's. This release's Python client is always there to be
 * imported.
 */
public final class LocalJobRunner implements JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(LocalJobRunner.class);

    private final Sandbox sandbox;
    private final ScriptEnvironments environments;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, LocalRun> atWork = new ConcurrentHashMap<>();

    public LocalJobRunner(Sandbox sandbox, ScriptEnvironments environments) {
        this.sandbox = sandbox;
        this.environments = environments;
    }

    @Override
    public void check(List<String> requirements) {
        environments.check(requirements);
    }

    @Override
    public Running start(Task task) {
        LocalRun run = new LocalRun(this, task);
        atWork.put(task.id(), run);
        Thread.ofPlatform().daemon().name("job-" + task.id()).start(() -> {
            try {
                run.work();
            } finally {
                atWork.remove(task.id());
            }
        });
        return run;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    long mark() {
        return random.nextLong();
    }

    /**
     * The environment; empty when the run is to end before the environment is there: building one may take minutes.
     *
     * @throws ProblemException when the environment cannot be had
     */
    Optional<ScriptEnvironments.Prepared> prepare(Task task, CompletableFuture<String> stopped)
            throws InterruptedException {
        CompletableFuture<ScriptEnvironments.Prepared> prepared =
                task.recorded().isEmpty() ? environments.prepare(task.requirements()) : asRecorded(task);
        try {
            CompletableFuture.anyOf(prepared, stopped).get();
            return stopped.isDone() ? Optional.empty() : Optional.of(prepared.get());
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failed.getCause();
            if (cause instanceof ProblemException problem) {
                throw problem;
            }
            LOG.warn("the environment of a job could not be prepared", cause);
            throw ProblemException.refused(
                    "requirements", "The environment could not be prepared; the server's log says why.");
        }
    }

    /** The shared environment where it still has what it had; else one that is built of the very releases. */
    private CompletableFuture<ScriptEnvironments.Prepared> asRecorded(Task task) {
        List<String> pins = RecordedPackages.pins(task.recorded());
        if (!task.requirements().isEmpty()) {
            return environments.prepare(pins);
        }
        return environments
                .prepare(List.of())
                .thenCompose(shared -> RecordedPackages.same(shared.packages(), task.recorded())
                        ? CompletableFuture.completedFuture(shared)
                        : environments.prepare(pins));
    }

    /** Where the client and the program that begins a run lie. */
    Path programs() throws IOException {
        return sandbox.directories().program("job", JobPrograms::unpack);
    }

    /** What the program that begins a run reads first. */
    static byte[] head(Task task) {
        ObjectNode head = Json.object();
        ArrayNode files = head.putArray("files");
        task.files().forEach(file -> files.addObject().put("name", file.name()).put("size", file.size()));
        ArrayNode command = head.putArray("command");
        task.command().forEach(command::add);
        byte[] json = Json.bytes(head);
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    static Ended notStarted(String why) {
        return new Ended(How.NOT_STARTED, OptionalInt.empty(), why, List.of());
    }

    /** The ids of the runs that are at work. */
    public Set<String> atWork() {
        return Set.copyOf(atWork.keySet());
    }

    @Override
    public String isolation() {
        return sandbox.isolation().level().ownUser()
                ? "each run has a user of its own, and keeps the network"
                : "runs have the server's own user and can read what it can: run the server as root, or as a service"
                        + " with the capabilities that docs/service.md names, to separate them";
    }

    @Override
    public void close() {
        List<LocalRun> left = List.copyOf(atWork.values());
        left.forEach(run -> run.stop("the server is stopping"));
        left.forEach(run -> run.ended().join());
    }
}
