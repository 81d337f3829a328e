package io.modelward.gateway.compare;

import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.Tolerance;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.signature.ProbeRows;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.registry.version.VersionLookup;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.RowReader;
import io.modelward.runtime.serving.VersionSample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Asks two versions the same rows and compares the answers: the rows that were saved with the first version, and rows
 * made from them. The versions are loaded for that and leave the memory afterwards, unless an endpoint serves them.
 */
public final class PredictionComparer {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionComparer.class);

    private static final int MOST_SAMPLE = 100;
    private static final int PROBES = 200;
    private static final long SEED = 20_240_229;
    private static final int TRIES = 60;
    /** Slow models answer some hundred rows one after the other, and a run's place is taken meanwhile. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** Passes by itself when it is asked again. */
    private static final Set<ProblemType> PASSING =
            Set.of(ProblemType.OVERLOADED, ProblemType.UNAVAILABLE, ProblemType.TIMEOUT);

    private final ModelPool pool;
    private final VersionLookup versions;
    private final Duration longestLoad;

    /** @param longestLoad how long a version may take to load */
    public PredictionComparer(ModelPool pool, VersionLookup versions, Duration longestLoad) {
        this.pool = pool;
        this.versions = versions;
        this.longestLoad = longestLoad;
    }

    /** Compares; takes as long as the two models take to load and to answer some hundred rows. Blocking. */
    public Predictions compare(PublishedVersion then, PublishedVersion now, Tolerance tolerance)
            throws InterruptedException {
        Object holder = new Object();
        try {
            ServableVersion first = ServableVersion.of(then);
            ServableVersion second = ServableVersion.of(now);
            LoadedModel one = pool.load(holder, first);
            LoadedModel other = pool.load(holder, second);
            await(one, first);
            await(other, second);
            return compare(first, one, other, tolerance);
        } catch (ProblemException problem) {
            return failed(problem.problem().detail());
        } catch (IOException | RuntimeException failure) {
            LOG.warn("two versions could not be compared", failure);
            return failed("The versions could not be compared; the server's log says why.");
        } finally {
            pool.hold(holder, List.of());
        }
    }

    private static Predictions failed(String why) {
        return new Predictions(0, 0, 0, 0, 0, 0, why);
    }

    private void await(LoadedModel model, ServableVersion version) throws InterruptedException {
        try {
            var _ = model.running().ready().get(longestLoad.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw because(version.reference() + " could not be loaded", failed.getCause());
        } catch (TimeoutException late) {
            throw ProblemException.refused("version", version.reference() + " took too long to load.");
        }
    }

    private static ProblemException because(String what, @Nullable Throwable cause) {
        Throwable inner = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof ProblemException problem) {
            return ProblemException.refused(
                    "version", what + ": " + problem.problem().detail());
        }
        LOG.warn("{}", what, inner);
        return ProblemException.refused("version", what + "; the server's log says why.");
    }

    private Predictions compare(ServableVersion first, LoadedModel one, LoadedModel other, Tolerance tolerance)
            throws IOException, InterruptedException {
        RowReader reader = RowReader.of(first.signature());
        VersionSample saved = VersionSample.of(first.source(versions::open), reader);
        List<Instances> rows = new ArrayList<>();
        saved.rows().filter(_ -> saved.own()).ifPresent(sample -> {
            for (int row = 0; row < Math.min(MOST_SAMPLE, sample.rows()); row++) {
                rows.add(sample.slice(row, row + 1));
            }
        });
        int sample = rows.size();
        for (JsonNode probe :
                ProbeRows.of(first.signature(), VersionSample.rowsOf(first.source(versions::open)), PROBES, SEED)) {
            rows.add(reader.read(List.of(probe)));
        }
        if (rows.isEmpty()) {
            return failed("No sample was saved with the version, and its signature does not say what a row is, so there"
                    + " are no rows to compare answers with.");
        }
        AnswerTally tally = new AnswerTally(tolerance);
        long begun = System.nanoTime();
        for (Instances row : rows) {
            if (System.nanoTime() - begun > LONGEST.toNanos()) {
                return failed("The answers to " + rows.size() + " rows took longer than " + LONGEST.toMinutes()
                        + " minutes.");
            }
            tally.add(ask(one, row), ask(other, row));
        }
        return tally.of(sample, rows.size() - sample);
    }

    private static AnswerTally.Answer ask(LoadedModel model, Instances row) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            LoadedModel.Use use = model.use();
            if (use == null) {
                throw ProblemException.refused(
                        "version", "A version left the memory while its answers were compared. Try again.");
            }
            try {
                JsonBytes text = new JsonBytes();
                use.running().predict(row).get().write(text);
                return new AnswerTally.Answer(
                        Json.parse(new String(text.toArray(), StandardCharsets.UTF_8), "predictions"), "");
            } catch (ProblemException unwritable) {
                // Such as an infinite value, which JSON cannot say: an error of the row, as any caller would get it.
                return new AnswerTally.Answer(Json.array(), unwritable.problem().type() + " unwritable");
            } catch (ExecutionException failed) {
                Problem problem = failed.getCause() instanceof ProblemException known
                        ? known.problem()
                        : because("A version could not answer", failed.getCause())
                                .problem();
                if (!PASSING.contains(problem.type())) {
                    return new AnswerTally.Answer(
                            Json.array(), problem.type() + " " + problem.extra().getOrDefault("error", ""));
                }
                if (attempt == TRIES) {
                    throw ProblemException.refused("version", "A version did not answer: " + problem.detail());
                }
                TimeUnit.SECONDS.sleep(1);
            } finally {
                use.leave();
            }
        }
    }
}
