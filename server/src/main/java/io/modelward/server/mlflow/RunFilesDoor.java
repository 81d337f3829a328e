package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.tracking.RunService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;

/** The files of a run, named by the run. */
final class RunFilesDoor {

    static final String FILE = "/get-artifact";

    private final RunService runs;
    private final ArtifactService artifacts;
    private final ArtifactsDoor files;

    RunFilesDoor(RunService runs, ArtifactService artifacts, ArtifactsDoor files) {
        this.runs = runs;
        this.artifacts = artifacts;
        this.files = files;
    }

    void open(MlflowRoutes calls) {
        calls.get("/artifacts/list", Action.READ, (message, exchange) -> list(message));
        calls.routes().async("GET", FILE, Action.READ, this::file);
    }

    private void file(Exchange exchange) {
        String run = exchange.query("run_id")
                .filter(id -> !id.isEmpty())
                .or(() -> exchange.query("run_uuid"))
                .orElse("");
        String path = SafePath.file(exchange.requiredQuery("path")).value();
        files.send(exchange, () -> new RunArtifacts(runs.run(run).artifactUri()).at(path));
    }

    private Reply list(Message message) {
        return ArtifactListing.page(
                artifacts,
                new RunArtifacts(runs.run(message.run()).artifactUri()),
                SafePath.folder(message.string("path").orElse("")).value(),
                MessageReaders.token(message));
    }
}
