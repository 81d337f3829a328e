package io.modelward.runtime.python;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.mlflow.SavedWith;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings a version into a worker: private copy, load, self-test on the sample, warm-up. */
final class WorkerLoader {

    private static final int WARM_UPS = 3;
    private static final int CHUNK = 256 << 10;
    private static final int MOST_ROWS_ALONE = 3;
    private static final String LOADED = "loaded with";
    /** The worker's word for an answer that does not say one item per row. */
    private static final String SHAPE = "AnswerShape";

    private static final long LOOK_MILLIS = 500;

    private final Environments environments;
    private final WorkerLauncher launcher;
    private final ScheduledExecutorService timer;
    private final Duration loadTimeout;

    WorkerLoader(
            Environments environments, WorkerLauncher launcher, ScheduledExecutorService timer, Duration loadTimeout) {
        this.environments = environments;
        this.launcher = launcher;
        this.timer = timer;
        this.loadTimeout = loadTimeout;
    }

    /** The version cannot be loaded, and trying again would not help. */
    static final class Unloadable extends Exception {
        private final transient ProblemException problem;

        Unloadable(ProblemException problem) {
            super(problem);
            this.problem = problem;
        }

        ProblemException problem() {
            return problem;
        }
    }

    /** A worker that is ready. */
    record Loaded(WorkerProcess process, ModelInfo info) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * Loads.
     *
     * @param waiting told why it is waiting for its environment, and the empty text when it does not any more
     * @param started told of the process as soon as there is one, so that it can be killed
     * @throws IOException when the process died
     */
    Loaded load(ModelSource source, int restarts, Consumer<String> waiting, Consumer<WorkerProcess> started)
            throws IOException, Unloadable, InterruptedException {
        LoadPlan plan;
        WorkerProcess process;
        try {
            plan = LoadPlan.of(source);
            Path python = interpreter(plan, waiting);
            process = launcher.start(python, source.reference(), model -> copy(source, model));
        } catch (ProblemException problem) {
            throw new Unloadable(problem);
        }
        started.accept(process);
        ScheduledFuture<?> limit = timer.schedule(() -> process.kill(), loadTimeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            Frame answer = process.exchange(Frame.Type.LOAD, withLimits(plan.head()), List.of());
            JsonNode head = Json.parse(answer.head(), "head");
            if (answer.type() == Frame.Type.FAILED) {
                throw new Unloadable(
                        loadError(head, SavedWith.differences(savedWith(plan, head), packages(head), LOADED)));
            }
            Map<String, String> packages = packages(head);
            List<String> warnings = new ArrayList<>(SavedWith.differences(savedWith(plan, head), packages, LOADED));
            warnings.addAll(plan.notes());
            head.path("warnings").forEach(warning -> warnings.add(warning.asString("")));
            boolean batchable = selfTest(process, plan, warnings);
            ModelInfo info = new ModelInfo(
                    ModelInfo.State.READY,
                    "",
                    head.path("model").asString(""),
                    packages,
                    warnings,
                    batchable,
                    restarts);
            return new Loaded(process, info);
        } catch (IOException | RuntimeException | Unloadable failure) {
            // Whoever was told of the process closes it, and first asks for its last words.
            if (failure instanceof IOException && limit.isDone()) {
                throw new Unloadable(Problem.of(
                                ProblemType.UNAVAILABLE,
                                "The model could not be loaded within " + loadTimeout.toSeconds() + " seconds.")
                        .exception());
            }
            throw failure;
        } finally {
            limit.cancel(false);
            // A self-test may have had a large answer, and perhaps no request follows for long.
            process.handedOver();
        }
    }

    private String withLimits(String head) {
        ObjectNode json = (ObjectNode) Json.parse(head, "head");
        json.set("limits", LimitWords.all(launcher.limits()));
        return Json.write(json);
    }

    /** Waits for the environment; the limit on loading does not run meanwhile. */
    private Path interpreter(LoadPlan plan, Consumer<String> waiting) throws InterruptedException {
        PythonEnvironment environment = plan.lock().map(environments::of).orElseGet(environments::shared);
        CompletableFuture<Path> interpreter = environment.interpreter();
        try {
            while (!interpreter.isDone()) {
                EnvironmentInfo info = environment.info();
                waiting.accept("it is building the environment for its packages"
                        + (info.state() == EnvironmentInfo.State.WAITING ? ", after another one" : ""));
                try {
                    interpreter.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillBuilding) {
                    // Look again what it is doing.
                }
            }
            waiting.accept("");
            return interpreter.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ProblemException problem
                    ? problem
                    : Problem.of(ProblemType.UNAVAILABLE, "There is no Python environment for this version.")
                            .exception();
        }
    }

    /**
     * Predicts the sample: a few times, so that the first caller does not pay for lazy imports; then together and row by row, and in batches
     * of one, two and three rows. An answer whose length or axes do not say one item per row may look right for one number of rows.
     */
    private static boolean selfTest(WorkerProcess process, LoadPlan plan, List<String> warnings)
            throws IOException, Unloadable {
        if (plan.sample().isEmpty()) {
            return true;
        }
        Instances sample = plan.sample().get();
        Batch one = Batch.of(List.of(sample));
        for (int i = 0; i < WARM_UPS; i++) {
            Frame frame = process.exchange(Frame.Type.PREDICT, one.head(), one.columns());
            Batch.Result result =
                    Batch.read(frame, List.of(sample.rows())).results().getFirst();
            if (result.failed()) {
                if (plan.ownSample()) {
                    throw fails("The model fails on the sample saved with it. ", result);
                }
                refuseShape(result, sample.rows());
                warnings.add("the model could not be tested: it has no sample, and on a row of zeros it raised "
                        + result.error());
                return true;
            }
        }
        for (int rows = 1; rows <= MOST_ROWS_ALONE; rows++) {
            Instances some = sample.cycled(rows);
            Batch batch = Batch.of(List.of(some));
            Frame frame = process.exchange(Frame.Type.PREDICT, batch.head(), batch.columns());
            Batch.Result result = Batch.read(frame, List.of(rows)).results().getFirst();
            refuseShape(result, rows);
            if (result.failed()) {
                warnings.add("on a batch of " + rows + " of its sample's rows the model raised " + result.error());
            }
        }
        Batch two = Batch.of(List.of(sample, sample));
        Frame compared = process.exchange(Frame.Type.COMPARE, two.head(), two.columns());
        boolean batchable =
                Json.parse(compared.head(), "head").path("batchable").asBoolean(true);
        if (!batchable) {
            warnings.add("its answers depend on the rows computed together, so requests are computed one by one");
        }
        return batchable;
    }

    private static Unloadable fails(String where, Batch.Result result) {
        return new Unloadable(
                Problem.of(ProblemType.REFUSED, where + "The model raised " + result.error() + ": " + result.message())
                        .with("error", result.error())
                        .exception());
    }

    private static void refuseShape(Batch.Result result, int rows) throws Unloadable {
        if (result.error().equals(SHAPE)) {
            throw fails("The model does not answer one item per row, on a batch of " + rows + " rows. ", result);
        }
    }

    /** What the version's files say, and what the worker found in the model itself where they do not. */
    private static Map<String, String> savedWith(LoadPlan plan, JsonNode head) {
        Map<String, String> saved = new TreeMap<>(plan.savedWith());
        head.path("saved")
                .properties()
                .forEach(entry ->
                        saved.putIfAbsent(entry.getKey(), entry.getValue().asString("")));
        return saved;
    }

    /** The releases come first: they are the most likely cause, and the error of Python often hides it. */
    private static ProblemException loadError(JsonNode head, List<String> differences) {
        String ages = differences.isEmpty() ? "" : "The model was " + String.join("; ", differences) + ". ";
        return Problem.of(
                        ProblemType.REFUSED,
                        ages + "The model cannot be loaded. Python says: "
                                + head.path("error").asString("")
                                + ": "
                                + head.path("message").asString(""))
                .with("error", head.path("error").asString(""))
                .exception();
    }

    private static Map<String, String> packages(JsonNode head) {
        Map<String, String> packages = new TreeMap<>();
        packages.put("python", head.path("python").asString(""));
        head.path("packages")
                .properties()
                .forEach(entry -> packages.put(entry.getKey(), entry.getValue().asString("")));
        return packages;
    }

    /** Copies the files; bytes that are not those published are never given to Python. */
    static void copy(ModelSource source, Path directory) throws IOException {
        for (FileEntry file : source.files()) {
            Path target = directory.resolve(file.path().value());
            Files.createDirectories(java.util.Objects.requireNonNull(target.getParent()));
            try (InputStream in = source.opener().open(file);
                    OutputStream out = Files.newOutputStream(target);
                    DigestOutputStream hashed = new DigestOutputStream(out, sha256())) {
                copy(in, hashed);
                if (!Digest.ofBytes(hashed.getMessageDigest().digest()).equals(file.sha256())) {
                    throw Problem.of(
                                    ProblemType.INTERNAL,
                                    "The stored file " + file.path() + " of " + source.reference()
                                            + " is damaged. Run modelward verify.")
                            .exception();
                }
            }
        }
    }

    /** Copying may take minutes; whoever waits for the end of this thread does not. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the version is not wanted any more");
            }
            out.write(chunk, 0, n);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
