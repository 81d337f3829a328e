package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.registry.artifact.PartsUploads;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import io.modelward.server.http.UploadSink;
import io.modelward.server.http.UploadTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * MLflow's uploads in parts. Clients begin one, put each part to an address that the answer names, and complete it with
 * the ETags that the parts were answered with: their SHA-256.
 */
final class PartsDoor {

    private final PartsUploads uploads;
    private final Executor hashers;

    PartsDoor(PartsUploads uploads, Executor hashers) {
        this.uploads = uploads;
        this.hashers = hashers;
    }

    void open(MlflowRoutes calls, String prefix) {
        String steps = prefix + "/mpu";
        calls.postAt(
                steps + "/create/{path}",
                Action.TRACK,
                (message, exchange) -> create(message, exchange, steps + "/part/"));
        calls.postAt(steps + "/complete/{path}", Action.TRACK, this::complete);
        calls.postAt(steps + "/abort/{path}", Action.TRACK, (message, exchange) -> {
            uploads.abort(message.named("upload_id"), place(message, exchange));
            return Reply.ok(Message.nothing());
        });
        calls.routes().async("PUT", steps + "/part/{upload}/{number}", Action.TRACK, this::part);
    }

    /** The address names the folder, the message the file; older clients name it by its path on their machine. */
    private static ArtifactPath place(Message message, Exchange exchange) {
        String name = message.named("path");
        String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return SafePath.file(exchange.path("path") + "/" + file);
    }

    private Reply create(Message message, Exchange exchange, String parts) throws IOException {
        int count = message.size("num_parts", 1, PartsUploads.MOST_PARTS);
        String id = uploads.create(place(message, exchange), count);
        String address = origin(exchange) + parts + id + "/";
        ObjectNode json = Json.object().put("upload_id", id);
        ArrayNode credentials = json.putArray("credentials");
        for (int number = 1; number <= count; number++) {
            ObjectNode credential =
                    credentials.addObject().put("url", address + number).put("part_number", number);
            credential.putObject("headers");
        }
        return Reply.ok(json);
    }

    /** This server as the caller reached it; a proxy may have taken TLS off. */
    private static String origin(Exchange exchange) {
        String scheme = exchange.header("X-Forwarded-Proto")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> text.equals("https"))
                .orElse(String.valueOf(exchange.request().getHttpURI().getScheme()));
        return scheme + "://" + exchange.header("Host").orElse("localhost");
    }

    private void part(Exchange exchange) {
        String number = exchange.path("number");
        if (!number.matches("[0-9]{1,5}")) {
            throw ProblemException.invalid("part_number", "The number of a part is a whole number from 1.");
        }
        UploadTask.start(
                exchange,
                () -> new PartIntake(uploads.part(exchange.path("upload"), Integer.parseInt(number), hashers)),
                hashers);
    }

    private record PartIntake(PartsUploads.Part part) implements UploadSink {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            part.write(bytes);
        }

        @Override
        public Reply finish() throws IOException {
            return Reply.ok(Message.nothing()).with("ETag", "\"" + part.finish().hex() + "\"");
        }

        @Override
        public void close() throws IOException {
            part.close();
        }
    }

    private Reply complete(Message message, Exchange exchange) throws IOException {
        Map<Integer, Optional<Digest>> parts = new HashMap<>();
        for (Message part : message.messages("parts")) {
            parts.put(
                    Math.clamp(part.requiredWhole("part_number"), 0, Integer.MAX_VALUE),
                    part.string("etag").filter(text -> !text.isEmpty()).map(PartsDoor::digest));
        }
        uploads.complete(message.named("upload_id"), place(message, exchange), parts);
        return Reply.ok(Message.nothing());
    }

    private static Digest digest(String etag) {
        try {
            return Digest.parse("sha256:" + etag.replace("\"", ""));
        } catch (ProblemException malformed) {
            throw ProblemException.invalid("parts", "An etag is the ETag that the part was answered with.");
        }
    }
}
