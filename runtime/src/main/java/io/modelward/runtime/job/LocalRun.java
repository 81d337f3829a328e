package io.modelward.runtime.job;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.time.Durations;
import io.modelward.runtime.ScriptEnvironments;
import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.LimitWatch;
import io.modelward.runtime.sandbox.LimitWords;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command of a job on this machine. */
final class LocalRun implements JobRunner.Running, LimitWatch.Limited {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);

    /** How long a command that was told to end may go on. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A command that writes more than this does not tell anybody anything. */
    private static final long MOST_OUTPUT = 256L << 20;
    /** A command that a signal ended has this and the signal's number as its exit code; others may end so by themselves. */
    private static final int SIGNAL = 128;

    private static final int LAST_SIGNAL = 64;

    private final LocalJobRunner runner;
    private final JobRunner.Task task;
    private final CompletableFuture<JobRunner.Ended> ended = new CompletableFuture<>();
    private final CompletableFuture<String> stopped = new CompletableFuture<>();
    private final CompletableFuture<String> limited = new CompletableFuture<>();

    LocalRun(LocalJobRunner runner, JobRunner.Task task) {
        this.runner = runner;
        this.task = task;
    }

    @Override
    public CompletableFuture<JobRunner.Ended> ended() {
        return ended;
    }

    @Override
    public void stop(String why) {
        stopped.complete(why);
    }

    @Override
    public void kill(String why) {
        limited.complete(why);
    }

    @Override
    public String met(String limit, WorkerLimits limits) {
        return switch (limit) {
            case "memory" -> "it took more than its memory of " + LimitWords.size(limits.memory());
            case "disk" -> "its files took more than its disk of " + LimitWords.size(limits.disk());
            default -> "it made more than " + limits.files() + " files";
        };
    }

    /** Does all of it, on a thread of its own. */
    void work() {
        JobRunner.Ended end;
        try (JobLog log = new JobLog(task.log(), task.secrets())) {
            end = run(log);
            log.say(end.words());
        } catch (IOException failure) {
            LOG.warn("a run of a job failed on this machine", failure);
            end = LocalJobRunner.notStarted("The run failed on the server's machine; the server's log says why.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            end = LocalJobRunner.notStarted("The server is stopping.");
        } catch (RuntimeException | Error failure) {
            LOG.error("a run of a job failed", failure);
            end = LocalJobRunner.notStarted("The run failed in the server; the server's log says why.");
        }
        ended.complete(end);
    }

    private JobRunner.Ended run(JobLog log) throws IOException, InterruptedException {
        if (!task.recorded().isEmpty()) {
            log.say("preparing the environment that was recorded, of "
                    + task.recorded().size() + " packages");
        } else if (!task.requirements().isEmpty()) {
            log.say("preparing the environment of " + task.requirements().size() + " requirements");
        }
        Optional<ScriptEnvironments.Prepared> prepared;
        try {
            prepared = runner.prepare(task, stopped);
        } catch (ProblemException none) {
            return LocalJobRunner.notStarted(none.problem().detail());
        }
        if (prepared.isEmpty()) {
            return new JobRunner.Ended(JobRunner.How.STOPPED, OptionalInt.empty(), sentence(stopped.join()), List.of());
        }
        ScriptEnvironments.Prepared environment = prepared.get();
        Sandbox sandbox = runner.sandbox();
        int user = sandbox.isolation().takeUser();
        WorkerFamily family = new WorkerFamily(user, Long.toHexString(runner.mark()));
        Path home = null;
        boolean over = false;
        try {
            home = sandbox.directories().create();
            Path scratch = Files.createDirectory(home.resolve("scratch"));
            WorkerDirectories.handOver(home, user);
            Process process = start(environment, user, family, scratch);
            sandbox.watch().add(this, family, scratch, task.limits());
            try {
                return await(process, family, log, environment.packages());
            } finally {
                sandbox.watch().remove(this);
                process.destroyForcibly();
                over = family.end();
            }
        } finally {
            if (home != null) {
                WorkerDirectories.tryToRemove(home);
            }
            sandbox.isolation().giveBackUser(user, over || family.end());
        }
    }

    private Process start(ScriptEnvironments.Prepared environment, int user, WorkerFamily family, Path scratch)
            throws IOException {
        Path programs = runner.programs();
        Path python = environment.python().toAbsolutePath();
        Path bin = python.getParent() == null ? python : python.getParent();
        Path folder = bin.getParent() == null ? bin : bin.getParent();
        Map<String, String> variables = new HashMap<>(task.variables());
        variables.put("PATH", bin + ":" + Sandbox.PATH);
        variables.put("VIRTUAL_ENV", folder.toString());
        variables.put("PYTHONPATH", programs.resolve("client").toString());
        variables.put("PYTHONUNBUFFERED", "1");
        variables.put(WorkerFamily.VARIABLE, family.mark());
        Sandbox.Command command = new Sandbox.Command(
                List.of(
                        python.toString(),
                        "-I",
                        programs.resolve(JobPrograms.BEGIN).toString()),
                user,
                Sandbox.Reach.NETWORK_WITHIN_LIMITS,
                scratch,
                List.of(runner.sandbox().directories().root(), folder),
                variables,
                task.limits());
        return runner.sandbox().start(command, builder -> builder.redirectErrorStream(true));
    }

    private JobRunner.Ended await(Process process, WorkerFamily family, JobLog log, List<String> packages)
            throws InterruptedException {
        Thread reader =
                Thread.ofPlatform().daemon().name("job-output-" + task.id()).start(() -> read(process, log));
        Thread writer =
                Thread.ofPlatform().daemon().name("job-input-" + task.id()).start(() -> send(process));
        CompletableFuture<Object> first = CompletableFuture.anyOf(process.onExit(), stopped, limited);
        boolean late = false;
        try {
            first.get(task.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException timeout) {
            late = true;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        boolean byItself = !late && !stopped.isDone() && !limited.isDone();
        if (!byItself) {
            process.destroy();
            if (limited.isDone() || !process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        }
        process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        // A helper of the command may hold the pipe.
        family.end();
        reader.join(GRACE.toMillis());
        writer.join(GRACE.toMillis());
        return end(process, late, byItself, packages);
    }

    private JobRunner.Ended end(Process process, boolean late, boolean byItself, List<String> packages) {
        if (byItself && !limited.isDone()) {
            int code = process.exitValue();
            boolean signal = code > SIGNAL && code <= SIGNAL + LAST_SIGNAL;
            String words = signal ? "The command was ended by signal " + (code - SIGNAL) + "." : words(code);
            return new JobRunner.Ended(JobRunner.How.EXITED, OptionalInt.of(code), words, packages);
        }
        if (limited.isDone()) {
            return new JobRunner.Ended(JobRunner.How.LIMITED, OptionalInt.empty(), sentence(limited.join()), packages);
        }
        return late
                ? new JobRunner.Ended(
                        JobRunner.How.TIMED_OUT,
                        OptionalInt.empty(),
                        "The command was ended after its time limit of " + Durations.write(task.timeout()) + ".",
                        packages)
                : new JobRunner.Ended(JobRunner.How.STOPPED, OptionalInt.empty(), sentence(stopped.join()), packages);
    }

    private String words(int code) {
        return switch (code) {
            case 0 -> "The command ended with exit code 0.";
            case JobPrograms.NO_COMMAND ->
                "There is no command " + Quoted.of(task.command().getFirst())
                        + " in the environment of the job (exit code 127).";
            case JobPrograms.NO_FILES ->
                "The code and the data of the job could not be laid out; the log says why (exit code "
                        + JobPrograms.NO_FILES + ").";
            default -> "The command ended with exit code " + code + ".";
        };
    }

    private static String sentence(String why) {
        return "The run was ended: " + why + ".";
    }

    private void read(Process process, JobLog log) {
        byte[] piece = new byte[16 << 10];
        long all = 0;
        try (InputStream output = process.getInputStream()) {
            for (int count = output.read(piece); count >= 0; count = output.read(piece)) {
                all += count;
                if (all > MOST_OUTPUT) {
                    kill("it wrote more than " + (MOST_OUTPUT >> 20) + " MiB of output");
                    return;
                }
                log.write(piece, count);
            }
        } catch (IOException gone) {
            LOG.debug("the output of a job ended", gone);
        }
    }

    private void send(Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(LocalJobRunner.head(task));
            for (JobRunner.Input file : task.files()) {
                try (InputStream content = file.source().open()) {
                    content.transferTo(input);
                }
            }
        } catch (IOException gone) {
            // The process says why it reads no more, or ends for lack of what is missing.
            LOG.debug("the files of a job were not sent whole", gone);
        } catch (RuntimeException damaged) {
            LOG.warn("the files of a job cannot be read: {}", damaged.toString());
        }
    }
}
