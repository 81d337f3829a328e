package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.registry.version.VersionService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FileReply;
import io.modelward.server.http.HttpRoute;
import java.io.IOException;
import java.util.concurrent.Executor;

/** A version's files: whole or one range of them, with the digest as ETag. */
public final class FilesDoor {

    private final VersionService versions;
    private final Executor files;

    /** @param files platform threads for work that touches the disk */
    public FilesDoor(VersionService versions, Executor files) {
        this.versions = versions;
        this.files = files;
    }

    public void open(HttpRoute.Table routes) {
        routes.async(
                "GET",
                "/api/v1/models/{namespace}/{name}/versions/{version}/files/{path}",
                Action.READ,
                exchange -> files.execute(() -> exchange.asCaller(() -> send(exchange))));
    }

    private void send(Exchange exchange) {
        try {
            ModelName model = ModelsDoor.model(exchange);
            FileEntry file =
                    versions.file(model, SemVer.parse(exchange.path("version")), FilePath.parse(exchange.path("path")));
            FileReply.of(file.sha256(), file.size(), (from, length) -> versions.open(model, file, from, length))
                    .send(exchange, files);
        } catch (IOException | RuntimeException failure) {
            exchange.fail(failure);
        }
    }
}
