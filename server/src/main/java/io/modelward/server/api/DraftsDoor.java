package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.Publisher;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.UploadSink;
import io.modelward.server.http.UploadTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drafts, uploads and publishing. */
public final class DraftsDoor {

    private static final String DRAFT = "/api/v1/drafts/{draft}";
    private static final Pattern SHA_256 = Pattern.compile("(?:.*,)?\\s*sha-256=:([A-Za-z0-9+/=]{44}):.*");

    private final DraftService drafts;
    private final Publisher publisher;
    private final Executor hashers;

    /** @param hashers few platform threads: hashing must not take every core */
    public DraftsDoor(DraftService drafts, Publisher publisher, Executor hashers) {
        this.drafts = drafts;
        this.publisher = publisher;
        this.hashers = hashers;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("POST", "/api/v1/models/{namespace}/{name}/drafts", Action.PUBLISH, exchange -> {
            exchange.optionalBody();
            return Reply.of(201, RegistryJson.draft(drafts.create(ModelsDoor.model(exchange), exchange.actor())));
        });
        routes.blocking(
                "GET",
                DRAFT,
                Action.PUBLISH,
                exchange -> Reply.ok(RegistryJson.draft(drafts.get(exchange.path("draft")))));
        routes.blocking("DELETE", DRAFT, Action.PUBLISH, exchange -> {
            drafts.delete(exchange.path("draft"));
            return Reply.nothing();
        });
        routes.async("PUT", DRAFT + "/files/{path}", Action.PUBLISH, this::upload);
        routes.blocking("POST", DRAFT + "/publish", Action.PUBLISH, this::publish);
    }

    private void upload(Exchange exchange) {
        FilePath path = FilePath.parse(exchange.path("path"));
        Optional<Digest> expected = expected(exchange);
        UploadTask.start(
                exchange, () -> new DraftIntake(drafts.upload(exchange.path("draft"), path), expected), hashers);
    }

    private record DraftIntake(DraftUpload upload, Optional<Digest> expected) implements UploadSink {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            upload.write(bytes);
        }

        @Override
        public Reply finish() throws IOException {
            return Reply.ok(RegistryJson.file(upload.finish(expected)));
        }

        @Override
        public void close() throws IOException {
            upload.close();
        }
    }

    private static Optional<Digest> expected(Exchange exchange) {
        Optional<String> header = exchange.header("Content-Digest");
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Matcher digest = SHA_256.matcher(header.get());
        try {
            if (digest.matches()) {
                return Optional.of(Digest.ofBytes(Base64.getDecoder().decode(digest.group(1))));
            }
        } catch (IllegalArgumentException | ProblemException malformed) {
            throw malformedDigest();
        }
        throw malformedDigest();
    }

    private static ProblemException malformedDigest() {
        return ProblemException.invalid(
                "Content-Digest", "Content-Digest is written sha-256=:<the 32 bytes in base64>: (RFC 9530).");
    }

    private Reply publish(Exchange exchange) throws IOException {
        Body body = exchange.body("version", "bump", "card", "reason", "override_reason");
        PublishRequest request = new PublishRequest(
                number(body),
                body.object("card"),
                body.string("reason").orElse(""),
                body.string("override_reason").orElse(""));
        Publisher.Published published = publisher.publish(exchange.path("draft"), request, exchange.actor());
        return Reply.of(published.created() ? 201 : 200, RegistryJson.published(published));
    }

    private static PublishRequest.Number number(Body body) {
        Optional<String> version = body.string("version");
        Optional<String> bump = body.string("bump");
        if (version.isPresent() && bump.isPresent()) {
            throw ProblemException.invalid("bump", "Give version or bump, not both.");
        }
        if (version.isPresent()) {
            return new PublishRequest.Number.Exact(SemVer.parse(version.get()));
        }
        if (bump.isPresent()) {
            return new PublishRequest.Number.Next(
                    bump.get().equals("auto") ? Optional.empty() : Optional.of(Bump.parse(bump.get())));
        }
        return new PublishRequest.Number.OfCard();
    }
}
