package io.modelward.runtime.worker;

import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.WorkerDirectories;
import io.modelward.runtime.sandbox.WorkerFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts worker processes: each with a user of its own, a private copy of its version's files and a place to write. */
public final class WorkerLauncher {

    private final Sandbox sandbox;
    private final LargeFrames large = new LargeFrames();
    private final SecureRandom random = new SecureRandom();

    public WorkerLauncher(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** The gate of all large answers of this server. */
    public LargeFrames large() {
        return large;
    }

    public WorkerLimits limits() {
        return sandbox.limits();
    }

    /**
     * The program of a worker.
     *
     * @param command followed by the directory of the model's files and the version's reference; {@link #HOME} stands
     *     for the directory that the worker may write to
     * @param visible a directory that the command needs
     */
    public record Program(List<String> command, Path visible) {
        public static final String HOME = "{home}";
    }

    /**
     * Starts a worker.
     *
     * @param reference {@code namespace/name@version}, by which an operator knows the process
     * @param filler copies the version's files
     */
    public WorkerProcess start(Program program, String reference, WorkerDirectories.Filler filler) throws IOException {
        int user = sandbox.isolation().takeUser();
        WorkerFamily family = new WorkerFamily(user, Long.toHexString(random.nextLong()));
        Path home = null;
        try {
            home = sandbox.directories().create();
            Path model = Files.createDirectory(home.resolve("model"));
            Path scratch = Files.createDirectory(home.resolve("scratch"));
            filler.fill(model);
            WorkerDirectories.handOver(home, user);
            Process process =
                    sandbox.start(command(program, user, model, scratch, reference, family), Sandbox.Output.PIPES);
            Path whole = home;
            WorkerProcess worker = new WorkerProcess(process, family, large, (ending, ended) -> {
                sandbox.watch().remove(ending);
                release(user, whole, ended);
            });
            sandbox.watch().add(worker, family, scratch, sandbox.limits());
            return worker;
        } catch (IOException | RuntimeException failure) {
            release(user, home, family.end());
            throw failure;
        }
    }

    private Sandbox.Command command(
            Program program, int user, Path model, Path scratch, String reference, WorkerFamily family) {
        List<String> words = new ArrayList<>(program.command());
        words.replaceAll(word ->
                word.replace(Program.HOME, sandbox.isolation().home(scratch).toString()));
        words.addAll(List.of(model.toString(), reference));
        Map<String, String> environment = new HashMap<>();
        environment.put(WorkerFamily.VARIABLE, family.mark());
        // One worker is one core's work: batches give the parallelism, and threads of BLAS would only fight over the
        // cores.
        for (String threads : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
            environment.put(threads, "1");
        }
        // What the program needs may lie where anybody may write, as in a test.
        List<Path> visible = List.of(sandbox.directories().root(), program.visible());
        return new Sandbox.Command(words, user, Sandbox.Reach.NOTHING, scratch, visible, environment, sandbox.limits());
    }

    private void release(int user, @Nullable Path home, boolean ended) {
        if (home != null) {
            WorkerDirectories.tryToRemove(home);
        }
        sandbox.isolation().giveBackUser(user, ended);
    }
}
