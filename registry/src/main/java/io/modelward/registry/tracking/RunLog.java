package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.tracking.Dataset;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.Measure;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.ModelUse;
import io.modelward.core.tracking.Run;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the data that runs log. Each call is one transaction: all of it is kept, or nothing. */
public final class RunLog {

    private static final int MOST_METRICS = 1000;
    private static final int MOST_PARAMS = 100;
    private static final int MOST_TAGS = 100;
    private static final int MOST = 1000;
    private static final int MOST_INPUTS = 1000;
    private static final int LONGEST_MODEL = 500;
    private static final int LONGEST_DIGEST = 36;

    private final Access access;
    private final Catalog catalog;
    private final Failpoints failpoints;

    public RunLog(Access access, Catalog catalog, Failpoints failpoints) {
        this.access = access;
        this.catalog = catalog;
        this.failpoints = failpoints;
    }

    /**
     * A point of a metric that says which model it was measured on.
     *
     * @param datasetName with digest: on which data; empty: not said
     */
    public record ModelPoint(String model, MetricPoint point, String datasetName, String datasetDigest) {}

    /**
     * Logs points of metrics, parameters and tags. A parameter is written once; the same value again changes nothing.
     */
    public void log(String run, List<MetricPoint> metrics, List<KeyValue> params, List<KeyValue> tags) {
        log(run, metrics, params, tags, List.of());
    }

    /**
     * Logs points of metrics, parameters and tags, also for models.
     *
     * @param measured the metrics that name a model; they are kept for the model, too
     */
    public void log(
            String run,
            List<MetricPoint> metrics,
            List<KeyValue> params,
            List<KeyValue> tags,
            List<ModelPoint> measured) {
        access.require(Action.TRACK, new Resource.Run(run));
        measured.forEach(point -> access.require(Action.TRACK, new Resource.LoggedModel(point.model())));
        atMost("metrics", metrics.size(), MOST_METRICS);
        atMost("params", params.size(), MOST_PARAMS);
        atMost("tags", tags.size(), MOST_TAGS);
        atMost("metrics, params, and tags", metrics.size() + params.size() + tags.size(), MOST);
        List<MetricPoint> points = metrics.stream().map(Checks::point).toList();
        List<KeyValue> values = params.stream().map(Checks::param).toList();
        List<KeyValue> marks = tags.stream().map(Checks::tag).toList();
        refuseTwice(values);
        write(run, (tx, active) -> {
            values.forEach(param -> param(tx, run, param));
            tx.runData().insertPoints(run, points);
            measured.forEach(point -> measure(tx, run, point));
            failpoints.pass("tracking.before-tags");
            marks.forEach(tag -> RunService.setTag(tx, run, tag));
        });
    }

    private static void measure(CatalogTransaction tx, String run, ModelPoint measured) {
        Checks.atMost("dataset_name", "A dataset's name", measured.datasetName(), LONGEST_MODEL);
        Checks.atMost("dataset_digest", "A dataset's digest", measured.datasetDigest(), LONGEST_DIGEST);
        LoggedModelService.require(tx, measured.model());
        tx.loggedModels()
                .measure(
                        measured.model(),
                        new Measure(
                                Checks.point(measured.point()), run, measured.datasetName(), measured.datasetDigest()));
    }

    private static void atMost(String what, int count, int most) {
        if (count > most) {
            throw ProblemException.invalid(
                    what,
                    "A batch logging request can contain at most " + most + " " + what + ". Got " + count + " " + what
                            + ". Please split up " + what + " across multiple requests and try again.");
        }
    }

    private static void refuseTwice(List<KeyValue> params) {
        Set<String> keys = new HashSet<>();
        for (KeyValue param : params) {
            if (!keys.add(param.key())) {
                throw ProblemException.invalid(
                        "params",
                        "Duplicate parameter keys have been submitted: " + Quoted.of(param.key())
                                + ". Please ensure the request contains only one param value per param key.");
            }
        }
    }

    private static void param(CatalogTransaction tx, String run, KeyValue param) {
        Optional<String> now = tx.runData().param(run, param.key());
        if (now.isEmpty()) {
            tx.runData().insertParam(run, param);
        } else if (!now.get().equals(param.value())) {
            throw ProblemException.invalid(
                    "params",
                    "Changing param values is not allowed. Param with key=" + Quoted.of(param.key())
                            + " was already logged with value=" + Quoted.of(now.get()) + " for run ID=" + run
                            + ". Attempted logging new value " + Quoted.of(param.value()) + ".");
        }
    }

    public void deleteTag(String run, String key) {
        access.require(Action.TRACK, new Resource.Run(run));
        if (key.equals(RunService.NAME_TAG)) {
            throw ProblemException.invalid(
                    "key", "The tag mlflow.runName repeats the run's name; set it to another name.");
        }
        write(run, (tx, active) -> {
            if (!tx.runData().deleteTag(run, key)) {
                throw ProblemException.missing(
                        "tag of run " + run, key, "The run " + run + " has no tag " + Quoted.of(key) + ".");
            }
        });
    }

    /**
     * Notes which datasets and models a run read or made. A dataset or model that the run has already changes nothing.
     */
    public void uses(String run, List<DatasetInput> datasets, List<ModelUse> models) {
        access.require(Action.TRACK, new Resource.Run(run));
        atMost("inputs", datasets.size() + models.size(), MOST_INPUTS);
        datasets.forEach(RunLog::check);
        models.forEach(model -> Checks.atMost("model_id", "A model's id", model.model(), LONGEST_MODEL));
        write(run, (tx, active) -> {
            datasets.forEach(dataset -> tx.runInputs().insertDataset(active.experiment(), run, dataset));
            models.forEach(model -> tx.runInputs().insertModel(run, model));
        });
    }

    private static void check(DatasetInput input) {
        Dataset dataset = input.dataset();
        if (dataset.name().isEmpty() || dataset.digest().isEmpty()) {
            throw ProblemException.invalid("dataset", "A dataset has a name and a digest.");
        }
        Checks.atMost("name", "A dataset's name", dataset.name(), 500);
        Checks.atMost("digest", "A dataset's digest", dataset.digest(), LONGEST_DIGEST);
        Checks.atMost("source_type", "A dataset's source type", dataset.sourceType(), 36);
        Checks.atMost("source", "A dataset's source", dataset.source(), 65_535);
        dataset.schema().ifPresent(schema -> Checks.atMost("schema", "A dataset's schema", schema, 1_048_575));
        dataset.profile().ifPresent(profile -> Checks.atMost("profile", "A dataset's profile", profile, 16_777_215));
        for (KeyValue tag : input.tags()) {
            Checks.atMost("key", "The key of a dataset's tag", tag.key(), 255);
            Checks.atMost("value", "The value of a dataset's tag", tag.value(), 500);
        }
    }

    @FunctionalInterface
    private interface Act {
        void run(CatalogTransaction tx, Run run);
    }

    private void write(String run, Act act) {
        catalog.write(tx -> {
            act.run(tx, RunService.requireActive(tx, run));
            return true;
        });
    }
}
