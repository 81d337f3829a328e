package io.modelward.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.published.Stage;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Actor;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.publish.Registration;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whichever way a change is made, those who wanted to know get it. */
class EventsTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final ModelName IRIS = ModelName.parse("iris");
    private static final Actor ADA = new Actor("ada", false);
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private ModelService models;
    private AliasService aliases;
    private VersionStateService states;
    private final InstantSource clock = () -> AT;

    @BeforeEach
    void open() throws IOException {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        models = new ModelService(EVERYONE, catalog, clock, ModelWatch.NONE);
        aliases = new AliasService(EVERYONE, catalog, clock, Failpoints.NONE);
        states = new VersionStateService(EVERYONE, catalog, clock, aliases, ModelWatch.NONE);
        List<Event> all = List.of(Event.values());
        catalog.write(tx -> {
            tx.webhooks()
                    .insert(new Webhook(
                            "all",
                            1,
                            "all",
                            "",
                            WebhookUrl.parse("https://x.example/"),
                            all,
                            true,
                            Optional.empty(),
                            AT,
                            AT));
            return true;
        });
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    /** What waits in the outbox since this was asked last, each as event and data. */
    private List<String> told() {
        return catalog.write(tx -> {
            List<String> told = new ArrayList<>();
            for (List<Delivery> due = tx.deliveries().due(AT, 1);
                    !due.isEmpty();
                    due = tx.deliveries().due(AT, 1)) {
                Delivery row = due.getFirst();
                JsonNode body = Json.parse(row.body(), "body");
                assertThat(row.event().label())
                        .isEqualTo(body.path("entity").asString() + "."
                                + body.path("action").asString());
                told.add(row.event().label() + " " + Json.write(body.path("data")));
                tx.deliveries().update(row.tried(DeliveryState.DELIVERED, AT, AT, 200, ""));
            }
            return told;
        });
    }

    private void publish(ModelName model, String version) throws IOException {
        DraftService drafts = new DraftService(EVERYONE, catalog, blobs, clock, new Random(version.hashCode()));
        String draft = drafts.create(model, ADA).draft().id();
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(version.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        new Publisher(EVERYONE, catalog, blobs, clock, Failpoints.NONE)
                .publish(
                        draft,
                        new PublishRequest(
                                new PublishRequest.Number.Exact(SemVer.parse(version)), Json.object(), "", ""),
                        ADA);
    }

    @Test
    void a_model_is_created_described_renamed_tagged_and_deleted() {
        models.create(IRIS, "flowers", List.of(new KeyValue("team", "blue")), ADA);
        models.describe(IRIS, "", ADA, "");
        models.rename(IRIS, ModelName.parse("iris2"), ADA, "");
        models.setTag(ModelName.parse("iris2"), new KeyValue("a", "b"), ADA, "");
        models.deleteTag(ModelName.parse("iris2"), "never there", ADA, "");
        models.delete(ModelName.parse("iris2"), ADA, "");
        assertThat(told())
                .containsExactly(
                        "registered_model.created"
                                + " {\"name\":\"iris\",\"tags\":{\"team\":\"blue\"},\"description\":\"flowers\"}",
                        "registered_model.updated {\"name\":\"iris\",\"changed\":\"description\",\"description\":null}",
                        "registered_model.updated {\"name\":\"iris2\",\"changed\":\"name\",\"description\":null}",
                        "registered_model.updated {\"name\":\"iris2\",\"changed\":\"tags\",\"description\":null}",
                        "registered_model.deleted {\"name\":\"iris2\"}");
    }

    @Test
    void what_is_published_natively_is_told_with_its_place_and_digest() throws Exception {
        publish(ModelName.parse("team/iris"), "1.2.3");
        List<String> told = told();
        assertThat(told).hasSize(3);
        assertThat(told.getFirst())
                .isEqualTo("registered_model.created {\"name\":\"team/iris\",\"tags\":{},\"description\":null}");
        assertThat(told.get(1))
                .matches("version.published \\{\"model\":\"team/iris\",\"version\":\"1.2.3\",\"actor\":\"[^\"]*\","
                        + "\"reason\":\"[^\"]*\",\"digest\":\"sha256:[0-9a-f]{64}\"}");
        assertThat(told.getLast())
                .matches(
                        "model_version.created"
                                + " \\{\"name\":\"team/iris\",\"version\":\"1\",\"source\":\"mlflow-artifacts:/modelward.versions/1\","
                                + "\"run_id\":null,\"tags\":\\{},\"description\":null,\"semver\":\"1.2.3\",\"digest\":\"sha256:[0-9a-f]{64}\"}");
    }

    @Test
    void what_is_registered_is_told_with_its_tags_and_description() {
        models.create(IRIS, "", List.of(), ADA);
        told();
        new Registrar(EVERYONE, catalog, blobs, Inspector.NONE, clock, Failpoints.NONE)
                .register(
                        new Registration(
                                IRIS,
                                "s3://bucket/iris",
                                new RegistrationSource.Elsewhere("s3://bucket/iris"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                "first",
                                List.of(new KeyValue("k", "v")),
                                ModelNote.NONE),
                        ADA);
        List<String> told = told();
        assertThat(told).hasSize(2);
        assertThat(told.getFirst()).startsWith("version.published ");
        assertThat(told.getLast())
                .contains("\"source\":\"s3://bucket/iris\"", "\"tags\":{\"k\":\"v\"}", "\"description\":\"first\"");
    }

    @Test
    void a_version_is_described_moved_tagged_and_deleted_with_its_aliases() throws Exception {
        publish(IRIS, "1.0.0");
        publish(IRIS, "1.1.0");
        told();
        states.describe(IRIS, new Selector.ByOrdinal(1), "good", ADA, "");
        states.transition(
                IRIS, new Selector.ByOrdinal(1), Stage.find("Production").orElseThrow(), false, ADA, "");
        states.transition(
                IRIS, new Selector.ByOrdinal(2), Stage.find("Production").orElseThrow(), true, ADA, "");
        states.setTag(IRIS, new Selector.ByOrdinal(2), new KeyValue("k", "v"), ADA, "");
        states.deleteTag(IRIS, new Selector.ByOrdinal(2), "never there", ADA, "");
        states.deleteTag(IRIS, new Selector.ByOrdinal(2), "k", ADA, "");
        aliases.set(
                IRIS,
                AliasName.parse("champion"),
                new Selector.ByOrdinal(1),
                new AliasService.Expectation.Any(),
                ADA,
                "");
        aliases.set(IRIS, AliasName.parse("champion"), Selector.parse("1.1.0"), new Expectation.Any(), ADA, "");
        aliases.set(IRIS, AliasName.parse("champion"), Selector.parse("1.1.0"), new Expectation.Any(), ADA, "again");
        states.delete(IRIS, new Selector.ByOrdinal(2), ADA, "");
        String iris = "{\"name\":\"iris\",";
        assertThat(told())
                .containsExactly(
                        "model_version.updated " + iris
                                + "\"version\":\"1\",\"changed\":\"description\",\"description\":\"good\",\"stage\":\"None\"}",
                        "model_version.updated " + iris
                                + "\"version\":\"1\",\"changed\":\"stage\",\"description\":\"good\",\"stage\":\"Production\"}",
                        "model_version.updated " + iris
                                + "\"version\":\"1\",\"changed\":\"stage\",\"description\":\"good\",\"stage\":\"Archived\"}",
                        "model_version.updated " + iris
                                + "\"version\":\"2\",\"changed\":\"stage\",\"description\":null,\"stage\":\"Production\"}",
                        "model_version_tag.set " + iris + "\"version\":\"2\",\"key\":\"k\",\"value\":\"v\"}",
                        "model_version_tag.deleted " + iris + "\"version\":\"2\",\"key\":\"k\"}",
                        "model_version_alias.created " + iris + "\"alias\":\"champion\",\"version\":\"1\"}",
                        "model_version_alias.created " + iris + "\"alias\":\"champion\",\"version\":\"2\"}",
                        "model_version_alias.deleted " + iris + "\"alias\":\"champion\"}",
                        "model_version.deleted " + iris + "\"version\":\"2\"}");
    }

    @Test
    void of_tags_without_bound_only_that_they_are_there_is_told() {
        List<KeyValue> tags = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tags.add(new KeyValue("t" + i, "x".repeat(99_000)));
        }
        models.create(IRIS, "", tags, ADA);
        assertThat(told())
                .containsExactly("registered_model.created"
                        + " {\"name\":\"iris\",\"tags\":{},\"description\":null,\"tags_left_out\":true}");
    }
}
