package io.modelward.client;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The native API, one method for each operation; docs/api.yaml says what the answers hold. Every method throws
 * {@link ApiException} when the server says no and {@link Unreachable} when none answers. Lists are read to their end, or
 * to a limit; one that has more has a {@code next_page_token}.
 */
public final class ModelwardClient implements AutoCloseable {

    private static final Duration READ = Duration.ofSeconds(60);
    /** Loading a model, or hashing all that is kept, may take its time. */
    private static final Duration WORK = Duration.ofHours(2);

    private static final int PAGE = 500;

    private final Http http;

    /**
     * @param url of the server, without the API's path
     * @param actor who acts; printable ASCII
     */
    public ModelwardClient(URI url, String actor) {
        this(url, actor, Optional.empty());
    }

    /**
     * A client of a server that asks who its callers are.
     *
     * @param bearer goes with every request to its own origin
     */
    public ModelwardClient(URI url, String actor, Optional<Bearer> bearer) {
        this.http = new Http(url, actor, bearer);
    }

    /** {@code {"models": […]}} in the order of their names. */
    public JsonNode models() {
        return models(Optional.empty(), Integer.MAX_VALUE);
    }

    /**
     * The same, in part.
     *
     * @param search only models whose name has this text
     */
    public JsonNode models(Optional<String> search, int limit) {
        return all(
                () -> {
                    Address address = at("api", "v1", "models");
                    return search.map(text -> address.query("search", text)).orElse(address);
                },
                "models",
                limit);
    }

    /** {@code {"versions": […]}}, ascending in SemVer order. */
    public JsonNode versions(ModelName model) {
        return all(() -> model(model, "versions"), "versions", Integer.MAX_VALUE);
    }

    /** One version, with its card and files. */
    public JsonNode version(ModelName model, SemVer version) {
        return http.get(model(model, "versions", version.toString()), READ).json();
    }

    /** The card as it was sent. */
    public JsonNode card(ModelName model, SemVer version) {
        return http.get(model(model, "versions", version.toString(), "card"), READ)
                .json();
    }

    /** The version that a selector means now, without card and files. */
    public JsonNode resolve(ModelName model, String selector) {
        return http.get(model(model, "resolve").query("selector", selector), READ)
                .json();
    }

    /** What differs between two versions, each named by a selector. */
    public JsonNode compare(ModelName model, String from, String to) {
        return http.get(model(model, "compare").query("from", from).query("to", to), READ)
                .json();
    }

    /** Starts an upload; its {@code id} is for {@link #putFile} and {@link #publish}. */
    public JsonNode createDraft(ModelName model) {
        return http.send("POST", model(model, "drafts"), Json.object(), READ, Map.of())
                .json();
    }

    public void deleteDraft(String draft) {
        http.delete(at("api", "v1", "drafts", draft), READ, Map.of());
    }

    /**
     * Uploads one file of any size. It is hashed first, so that the server refuses it when it changes or is damaged on
     * its way.
     *
     * @throws IOException when the file cannot be read
     */
    public JsonNode putFile(String draft, FilePath path, Path file, TransferProgress progress) throws IOException {
        Digest digest = FileTransfer.digest(file, progress::hashed);
        return http.put(
                        at("api", "v1", "drafts", draft, "files").path(path.value()),
                        FileTransfer.body(file, progress::moved),
                        FileTransfer.contentDigest(digest))
                .json();
    }

    /**
     * Makes a draft a version; {@link ApiResponse#created()} is false when the same content was published as this
     * version before.
     */
    public ApiResponse publish(String draft, PublishCall call) {
        return http.send("POST", at("api", "v1", "drafts", draft, "publish"), call.json(), WORK, Map.of());
    }

    /**
     * Downloads one file. Either the target holds exactly what was published, or it is as it was before.
     *
     * @throws DamagedDownload when other bytes arrive
     * @throws IOException when the target cannot be written
     */
    public void downloadFile(ModelName model, SemVer version, FileEntry file, Path target, TransferProgress progress)
            throws IOException {
        Address address = model(model, "versions", version.toString(), "files")
                .path(file.path().value());
        FileTransfer.receive(http, http.open(address), file, target, progress);
    }

    /** The SHA-256 of a file on this machine. */
    public static Digest digest(Path file, TransferProgress progress) throws IOException {
        return FileTransfer.digest(file, progress::hashed);
    }

    /** {@code {"aliases": […]}} by name. */
    public JsonNode aliases(ModelName model) {
        return http.get(model(model, "aliases"), READ).json();
    }

    /** One alias with its history, and its ETag. */
    public ApiResponse alias(ModelName model, String alias) {
        return http.get(model(model, "aliases", alias), READ);
    }

    /**
     * Points an alias at a version.
     *
     * @param ifMatch the ETag that the alias must still have
     */
    public ApiResponse setAlias(
            ModelName model, String alias, String selector, Optional<String> reason, Optional<String> ifMatch) {
        ObjectNode body = Json.object().put("version", selector);
        reason.ifPresent(text -> body.put("reason", text));
        return http.send("PUT", model(model, "aliases", alias), body, READ, ifMatch(ifMatch));
    }

    public void deleteAlias(ModelName model, String alias, Optional<String> reason, Optional<String> ifMatch) {
        Address address = model(model, "aliases", alias);
        reason.ifPresent(text -> address.query("reason", text));
        http.delete(address, READ, ifMatch(ifMatch));
    }

    private static Map<String, String> ifMatch(Optional<String> etag) {
        return etag.map(value -> Map.of("If-Match", value)).orElse(Map.of());
    }

    /** {@code {"endpoints": […]}} by name. */
    public JsonNode endpoints() {
        return http.get(at("api", "v1", "endpoints"), READ).json();
    }

    public JsonNode endpoint(String endpoint) {
        return http.get(at("api", "v1", "endpoints", endpoint), READ).json();
    }

    /** Creates the endpoint or moves it; answers when the version serves. */
    public ApiResponse putEndpoint(String endpoint, MoveCall call) {
        return http.send("PUT", at("api", "v1", "endpoints", endpoint), call.json(), WORK, Map.of());
    }

    /** {@code {"revisions": […]}}, newest first. */
    public JsonNode revisions(String endpoint, int limit) {
        return all(() -> at("api", "v1", "endpoints", endpoint, "revisions"), "revisions", limit);
    }

    /** Moves all traffic to a version at once; answers when it serves. */
    public JsonNode flip(String endpoint, MoveCall call) {
        return http.send("POST", at("api", "v1", "endpoints", endpoint, "flip"), call.json(), WORK, Map.of())
                .json();
    }

    /** Moves all traffic back to the version that served before. */
    public JsonNode rollback(String endpoint, MoveCall call) {
        return http.send("POST", at("api", "v1", "endpoints", endpoint, "rollback"), call.json(), WORK, Map.of())
                .json();
    }

    /**
     * Deletes an endpoint; its history is kept.
     *
     * @param expectedRevision the revision that must be current
     */
    public void deleteEndpoint(String endpoint, Optional<String> reason, OptionalLong expectedRevision) {
        Address address = ModelCalls.with(at("api", "v1", "endpoints", endpoint), reason.orElse(""));
        expectedRevision.ifPresent(revision -> address.query("expected_revision", Long.toString(revision)));
        http.delete(address, READ, Map.of());
    }

    /** One model in short. */
    public JsonNode model(ModelName model) {
        return http.get(model(model, new String[0]), READ).json();
    }

    /** Rules of retention, holds, and the collection of garbage. */
    public RetentionCalls retention() {
        return new RetentionCalls(http);
    }

    /** What people change of models and versions: names, descriptions, tags, deletion. */
    public ModelCalls changes() {
        return new ModelCalls(http);
    }

    /** Experiments, runs and their files. */
    public TrackingCalls tracking() {
        return new TrackingCalls(http, this::all);
    }

    /** Who the caller is; tokens, grants and users. */
    public AccessCalls access() {
        return new AccessCalls(http, this::all);
    }

    /** Training jobs and their runs. */
    public JobCalls jobs() {
        return new JobCalls(http, this::all);
    }

    /** Backups that the server makes. */
    public BackupCalls backups() {
        return new BackupCalls(http);
    }

    /** Which people are told of what. */
    public NotificationCalls notifications() {
        return new NotificationCalls(http, this::all);
    }

    /** Moving an endpoint step by step, on evidence. */
    public RolloutCalls rollouts() {
        return new RolloutCalls(http, this::all);
    }

    /** @param request {@code {"instances": […]}}, and {@code key}, what the caller sticks to */
    public JsonNode predict(String endpoint, JsonNode request) {
        return http.send("POST", at("predict", endpoint), request, READ, Map.of())
                .json();
    }

    /** @param verify whether to hash the version's stored bytes again */
    public JsonNode trace(String prediction, boolean verify) {
        Address address = at("api", "v1", "predictions", prediction, "trace");
        return http.get(verify ? address.query("verify", "true") : address, verify ? WORK : READ)
                .json();
    }

    /**
     * Has stored bytes hashed again.
     *
     * @param model only this model
     * @param selector only this version of it
     */
    public JsonNode verify(Optional<ModelName> model, Optional<String> selector) {
        ObjectNode body = Json.object();
        model.ifPresent(name -> body.put("model", name.toString()));
        selector.ifPresent(text -> body.put("version", text));
        return http.send("POST", at("api", "v1", "verify"), body, WORK, Map.of())
                .json();
    }

    /** {@code {"predictions": […]}}, the records of predictions, newest first. */
    public JsonNode predictions(PredictionsCall call, int limit) {
        return all(() -> call.on(at("api", "v1", "predictions")), "predictions", limit);
    }

    /** {@code {"entries": […]}}, newest first. */
    public JsonNode audit(AuditCall call, int limit) {
        return all(() -> call.on(at("api", "v1", "audit")), "entries", limit);
    }

    public JsonNode status() {
        return http.get(at("api", "v1", "status"), READ).json();
    }

    private JsonNode all(Paged list, String member, int limit) {
        ObjectNode whole = Json.object();
        ArrayNode items = whole.putArray(member);
        String token = "";
        do {
            Address address = list.address().query("page_size", Integer.toString(Math.min(PAGE, limit - items.size())));
            JsonNode page = http.get(token.isEmpty() ? address : address.query("page_token", token), READ)
                    .json();
            page.path(member).forEach(items::add);
            token = page.path("next_page_token").asString("");
        } while (!token.isEmpty() && items.size() < limit);
        if (!token.isEmpty()) {
            whole.put("next_page_token", token);
        }
        return whole;
    }

    /** Makes the address of a list anew for each page. */
    interface Paged {
        Address address();
    }

    /** Reads a list to its end, or to the limit. */
    interface Lists {
        JsonNode all(Paged list, String member, int limit);
    }

    private Address model(ModelName model, String... more) {
        Address address = at("api", "v1", "models", model.namespace(), model.name());
        for (String segment : more) {
            address.path(segment);
        }
        return address;
    }

    private Address at(String... segments) {
        return Address.of(http.base(), segments);
    }

    @Override
    public void close() {
        http.close();
    }
}
