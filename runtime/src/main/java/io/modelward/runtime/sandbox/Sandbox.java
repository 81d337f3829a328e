package io.modelward.runtime.sandbox;

import io.modelward.core.json.Json;
import io.modelward.core.problem.StartRefused;
import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs commands kept apart from the machine, as far as the platform allows: workers, builds of environments. There is
 * one for a server.
 *
 * <p>One thread that lives as long as the server starts all commands: Linux sends the death signal when the thread that
 * started a process ends, not when the whole parent does.
 */
public final class Sandbox implements AutoCloseable {

    /** The folders of programs that every command may look in. */
    public static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

    private final Isolation isolation;
    private final WorkerLimits limits;
    private final WorkerDirectories directories;
    private final LimitWatch watch;
    private final ExecutorService spawner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("worker-spawner").factory());

    private Sandbox(Isolation isolation, WorkerLimits limits, TemporaryFolder temporary) throws IOException {
        this.isolation = isolation;
        this.limits = limits;
        this.directories = new WorkerDirectories(temporary);
        this.watch = new LimitWatch(!isolation.ownDisk());
    }

    /**
     * Finds out what the platform can do.
     *
     * @param temporary where workers have their directories; the opener closes it after this
     */
    public static Sandbox open(WorkerLimits limits, TemporaryFolder temporary) {
        try {
            return new Sandbox(Isolation.probe(temporary.path()), limits, temporary);
        } catch (IOException failure) {
            throw new StartRefused("The directory for workers could not be made: " + failure.getMessage());
        }
    }

    /** How far what runs here is kept apart. */
    public Isolation isolation() {
        return isolation;
    }

    /** The most that one worker may take. */
    public WorkerLimits limits() {
        return limits;
    }

    /** Where workers have their directories. */
    public WorkerDirectories directories() {
        return directories;
    }

    /** Ends workers that take more than they may. */
    public LimitWatch watch() {
        return watch;
    }

    /** What an operator wants to know. A JSON object. */
    public JsonNode describe() {
        ObjectNode status = Json.object();
        status.putObject("isolation")
                .put("level", isolation.level().name())
                .put("own_user", isolation.level().ownUser())
                .put("no_network", isolation.level().noNetwork())
                .put("words", isolation.level().words());
        status.putObject("limits")
                .put("memory", limits.memory())
                .put("disk", limits.disk())
                .put("files", limits.files())
                .put("processes", limits.processes())
                .put("words", isolation.limitsWords());
        status.put("worker_users", isolation.usedUsers());
        return status;
    }

    /** How far a command is kept apart. */
    public enum Reach {
        /** No network where the platform allows that, limits, and files of its own only. */
        NOTHING,
        /** As {@link #NOTHING}, with the network. */
        NETWORK_WITHIN_LIMITS,
        /** The network, as whoever installs packages needs it. */
        NETWORK
    }

    /**
     * A command to run.
     *
     * @param user the numeric user, from {@link Isolation#takeUser} or {@link Isolation#buildUser}; -1 for the server's
     *     own
     * @param directory where it begins, its home and where it may write
     * @param visible directories that it must see, also where they lie in one that anybody may write to
     * @param environment what it gets besides a home and a path
     * @param limits the most that it may take; where its reach has limits
     */
    public record Command(
            List<String> words,
            int user,
            Reach reach,
            Path directory,
            List<Path> visible,
            Map<String, String> environment,
            WorkerLimits limits) {}

    /**
     * Starts a command.
     *
     * @param output where what it writes goes; a pipe for each stream by default
     */
    public Process start(Command command, Output output) throws IOException {
        List<String> words = new ArrayList<>(
                switch (command.reach()) {
                    case NOTHING, NETWORK_WITHIN_LIMITS ->
                        isolation.prefix(
                                command.user(),
                                command.limits(),
                                command.directory(),
                                command.visible(),
                                command.reach() == Reach.NETWORK_WITHIN_LIMITS);
                    case NETWORK -> isolation.buildPrefix(command.user());
                });
        words.addAll(command.words());
        Path home = command.reach() == Reach.NETWORK ? command.directory() : isolation.home(command.directory());
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(command.directory().toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("HOME", home.toString());
        environment.put("TMPDIR", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.putAll(new HashMap<>(command.environment()));
        output.apply(builder);
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return builder.start();
                                } catch (IOException failure) {
                                    throw new CompletionException(failure);
                                }
                            },
                            spawner)
                    .join();
        } catch (CompletionException wrapped) {
            throw new IOException("a process could not be started", wrapped.getCause());
        }
    }

    /** Says where a command's streams go. */
    @FunctionalInterface
    public interface Output {

        /** A pipe to the server for each stream. */
        Output PIPES = builder -> {};

        /** Sets the streams of the builder. */
        void apply(ProcessBuilder builder);

        /** Both outputs into one file. */
        static Output to(Path file) {
            return builder ->
                    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(file.toFile()));
        }
    }

    @Override
    public void close() throws IOException {
        try (isolation) {
            watch.close();
            spawner.shutdown();
        }
    }
}
