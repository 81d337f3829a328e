package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.json.Json;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.registry.artifact.PartsUploads;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FileReply;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.UploadSink;
import io.modelward.server.http.UploadTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The files of runs and models, by path below the artifact root. */
final class ArtifactsDoor {

    static final List<String> PREFIXES = List.of("/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts");

    private final ArtifactService artifacts;
    private final PartsDoor parts;
    private final Executor hashers;
    private final Executor files;

    /**
     * Prepares the door.
     *
     * @param hashers few platform threads: hashing must not take every core
     * @param files platform threads for work that touches the disk
     */
    ArtifactsDoor(ArtifactService artifacts, PartsUploads parts, Executor hashers, Executor files) {
        this.parts = new PartsDoor(parts, hashers);
        this.artifacts = artifacts;
        this.hashers = hashers;
        this.files = files;
    }

    void open(MlflowRoutes calls) {
        HttpRoute.Table routes = calls.routes();
        for (String prefix : PREFIXES) {
            String file = prefix + "/artifacts/{path}";
            routes.async("PUT", file, Action.TRACK, this::upload);
            routes.async("GET", file, Action.READ, this::download);
            routes.blocking("DELETE", file, Action.DELETE, exchange -> {
                artifacts.delete(SafePath.file(exchange.path("path")), exchange.actor());
                return Reply.ok(Message.nothing());
            });
            routes.blocking(
                    "GET",
                    prefix + "/artifacts",
                    Action.READ,
                    exchange -> list(exchange.query("path").orElse("")));
            parts.open(calls, prefix);
            routes.knownBlocking(
                    "GET",
                    prefix + "/presigned/{path}",
                    exchange -> unsupported("Presigned download is not supported. Get each file itself."));
        }
    }

    private void upload(Exchange exchange) {
        ArtifactPath path = SafePath.file(exchange.path("path"));
        UploadTask.start(exchange, () -> new ArtifactIntake(artifacts.upload(path)), hashers);
    }

    record ArtifactIntake(ArtifactUpload upload) implements UploadSink {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            upload.write(bytes);
        }

        @Override
        public Reply finish() throws IOException {
            upload.finish();
            return Reply.ok(Message.nothing());
        }

        @Override
        public void close() throws IOException {
            upload.close();
        }
    }

    private void download(Exchange exchange) {
        if (exchange.path("path").isEmpty()) {
            // Writing a listing waits for its reader, so no thread of the few for files does it.
            exchange.waiting(listing -> list(listing.query("path").orElse("")));
            return;
        }
        send(exchange, () -> SafePath.file(exchange.path("path")));
    }

    /** Sends the file at a path, which may take a look into the catalog to find. */
    void send(Exchange exchange, Supplier<ArtifactPath> place) {
        files.execute(() -> exchange.asCaller(() -> {
            try {
                ArtifactPath path = place.get();
                Artifact artifact = artifacts.get(path);
                FileReply file = FileReply.of(
                        artifact.sha256(), artifact.size(), (from, length) -> artifacts.open(artifact, from, length));
                Attachment.of(file, path.name(), artifact.createdAt()).send(exchange, files);
            } catch (IOException | RuntimeException failure) {
                exchange.fail(failure);
            }
        }));
    }

    private Reply list(String path) {
        return ArtifactListing.whole(artifacts, SafePath.folder(path));
    }

    private static Reply unsupported(String message) {
        return Reply.of(501, Json.object().put("error_code", "NOT_IMPLEMENTED").put("message", message));
    }
}
