package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.DatasetSummary;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.tracking.LoggedModelService;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.UploadSink;
import io.modelward.server.http.UploadTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import tools.jackson.databind.node.ObjectNode;

/** What only MLflow's own pages ask for: files of logged models, small uploads, and the datasets of experiments. */
final class PagesDoor {

    private static final String PREFIX = "/ajax-api/2.0/mlflow";
    private static final int MOST_EXPERIMENTS = 20;
    private static final int LARGEST_UPLOAD = 10 << 20;

    private final RunService runs;
    private final RunSearch search;
    private final LoggedModelService models;
    private final ArtifactService artifacts;
    private final ArtifactsDoor files;
    private final Executor hashers;

    PagesDoor(
            RunService runs,
            RunSearch search,
            LoggedModelService models,
            ArtifactService artifacts,
            ArtifactsDoor files,
            Executor hashers) {
        this.runs = runs;
        this.search = search;
        this.models = models;
        this.artifacts = artifacts;
        this.files = files;
        this.hashers = hashers;
    }

    void open(MlflowRoutes calls) {
        HttpRoute.Table routes = calls.routes();
        routes.async("GET", PREFIX + "/logged-models/{model}/artifacts/files", Action.READ, this::file);
        routes.async("POST", PREFIX + "/upload-artifact", Action.TRACK, this::upload);
        calls.postAt(PREFIX + "/experiments/search-datasets", Action.READ, (message, exchange) -> datasets(message));
    }

    private void file(Exchange exchange) {
        String path = exchange.query("artifact_file_path")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> ProblemException.invalid(
                        "artifact_file_path", "Request must include the \"artifact_file_path\" query parameter."));
        String safe = SafePath.file(path).value();
        files.send(
                exchange,
                () -> new RunArtifacts(
                                models.get(exchange.path("model")).model().artifactUri())
                        .at(safe));
    }

    private void upload(Exchange exchange) {
        String run = exchange.query("run_id")
                .filter(id -> !id.isEmpty())
                .or(() -> exchange.query("run_uuid").filter(id -> !id.isEmpty()))
                .orElseThrow(() -> ProblemException.invalid("run_uuid", "Request must specify run_id or run_uuid."));
        String path = exchange.query("path")
                .filter(text -> !text.isEmpty())
                .map(text -> SafePath.file(text).value())
                .orElseThrow(() -> ProblemException.invalid("path", "Request must specify path."));
        UploadTask.start(
                exchange,
                () -> {
                    ArtifactPath place = new RunArtifacts(runs.run(run).artifactUri()).at(path);
                    return new SmallIntake(new ArtifactsDoor.ArtifactIntake(artifacts.upload(place)));
                },
                hashers);
    }

    /** Takes in a body of a bounded size that is not empty. */
    private static final class SmallIntake implements UploadSink {

        private final UploadSink within;
        private long taken;

        SmallIntake(UploadSink within) {
            this.within = within;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            taken += bytes.remaining();
            if (taken > LARGEST_UPLOAD) {
                throw ProblemException.invalid("data", "Artifact size is too large. Max size is 10MB.");
            }
            within.write(bytes);
        }

        @Override
        public Reply finish() throws IOException {
            if (taken == 0) {
                throw ProblemException.invalid("data", "Request must specify data.");
            }
            return within.finish();
        }

        @Override
        public void close() throws IOException {
            within.close();
        }
    }

    private Reply datasets(Message message) {
        List<String> experiments = message.strings("experiment_ids");
        if (experiments.isEmpty()) {
            throw ProblemException.invalid(
                    "experiment_ids", "SearchDatasets request must specify at least one experiment_id.");
        }
        if (experiments.size() > MOST_EXPERIMENTS) {
            throw ProblemException.invalid(
                    "experiment_ids",
                    "SearchDatasets request cannot specify more than " + MOST_EXPERIMENTS + " experiment_ids. Received "
                            + experiments.size() + " experiment_ids.");
        }
        ObjectNode json = Json.object();
        MlflowJson.list(json, "dataset_summaries", search.datasets(experiments), PagesDoor::summary);
        return Reply.ok(json);
    }

    private static ObjectNode summary(DatasetSummary summary) {
        ObjectNode json = Json.object()
                .put("experiment_id", Long.toString(summary.experiment()))
                .put("name", summary.name())
                .put("digest", summary.digest());
        summary.context().ifPresent(context -> json.put("context", context));
        return json;
    }
}
