package io.modelward.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.PublishRequest.Number;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.publish.TrainingRuns;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a version that MLflow wrote says about itself. */
class MlflowPublishTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Actor ADA = new Actor("ada", false);
    private static final String FLAVORS =
            "flavors:\n  python_function: {loader_module: mlflow.sklearn}\n  sklearn: {serialization_format: skops}\n";
    private static final String SIGNED = FLAVORS + "signature:\n"
            + "  inputs: '[{\"type\":\"double\",\"name\":\"a\"},{\"type\":\"long\",\"name\":\"b\"}]'\n"
            + "  outputs: '[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"int64\",\"shape\":[-1]}}]'\n";
    private static final String EXAMPLE = "saved_input_example_info: {artifact_path: input_example.json}\n";

    @TempDir
    Path directory;

    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private DraftService drafts;
    private int inspected;
    private Publisher publisher;

    @BeforeEach
    void open() throws IOException {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        drafts = new DraftService(EVERYONE, catalog, blobs, clock, new java.util.Random(1));
        publisher = new Publisher(
                EVERYONE,
                catalog,
                blobs,
                clock,
                Failpoints.NONE,
                (model, manifest) -> {
                    inspected++;
                    return Optional.of(Signature.of(
                            Optional.empty(), Optional.empty(), OptionalInt.of(7), List.of(), Optional.empty()));
                },
                MemoryShare.unlimited(),
                TrainingRuns.NONE);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private PublishedVersion publish(Map<String, String> files, String card) {
        String draft = drafts.create(ModelName.parse("iris"), ADA).draft().id();
        files.forEach((path, content) -> {
            try (DraftUpload upload = drafts.upload(draft, FilePath.parse(path))) {
                upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
                upload.finish(Optional.empty());
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        });
        PublishRequest request =
                new PublishRequest(new Number.Next(Optional.empty()), Json.parse(card, "card"), "because", "");
        return publisher.publish(draft, request, ADA).version();
    }

    private void inspectNothing() {
        publisher = new Publisher(
                EVERYONE, catalog, blobs, InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), Failpoints.NONE);
    }

    private static JsonNode signature(PublishedVersion row) {
        return row.signature().toJson();
    }

    @Test
    void its_signature_is_the_versions_and_its_flavor_the_framework() {
        PublishedVersion row = publish(Map.of("MLmodel", SIGNED), "{}");
        JsonNode signature = signature(row);
        assertThat(signature.at("/input/columns").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(signature.at("/input/width").intValue()).isEqualTo(2);
        assertThat(signature.at("/output/type").asString()).isEqualTo("integer");
        assertThat(inspected).isZero();
        assertThat(row.shownCard().path("framework").asString("")).isEqualTo("scikit-learn");
    }

    @Test
    void the_card_and_the_clients_own_files_go_before_it() {
        String card =
                "{\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":3,\"maxItems\":3}}";
        JsonNode byCard = signature(publish(Map.of("MLmodel", SIGNED), card));
        assertThat(byCard.at("/input/width").intValue()).isEqualTo(3);
        assertThat(byCard.at("/output/type").asString()).isEqualTo("integer");
    }

    @Test
    void the_clients_own_signature_goes_before_it() {
        JsonNode byClient =
                signature(publish(Map.of("MLmodel", SIGNED, ".modelward/signature.json", "{\"features\":5}"), "{}"));
        assertThat(byClient.at("/input/width").intValue()).isEqualTo(5);
    }

    @Test
    void without_a_signature_its_example_tells_of_the_rows() {
        JsonNode signature = signature(
                publish(Map.of("MLmodel", FLAVORS + EXAMPLE, "input_example.json", "[[1,2,3],[4,5,6]]"), "{}"));
        assertThat(signature.at("/input/width").intValue()).isEqualTo(3);
    }

    @Test
    void an_example_that_says_nothing_is_left_aside() {
        inspectNothing();
        JsonNode ragged =
                signature(publish(Map.of("MLmodel", FLAVORS + EXAMPLE, "input_example.json", "[[1,2,3],[4]]"), "{}"));
        assertThat(ragged.at("/input/row").booleanValue()).isTrue();
        JsonNode noJson = signature(
                publish(Map.of("MLmodel", FLAVORS + EXAMPLE, "input_example.json", "{not json", "x", "1"), "{}"));
        assertThat(noJson.at("/input/row").booleanValue()).isTrue();
    }

    @Test
    void only_a_model_that_says_nothing_is_inspected() {
        assertThat(signature(publish(Map.of("MLmodel", FLAVORS), "{}"))
                        .at("/input/width")
                        .intValue())
                .isEqualTo(7);
        assertThat(inspected).isEqualTo(1);
        publish(Map.of("MLmodel", "flavors: {onnx: {}}"), "{}");
        assertThat(inspected).isEqualTo(1);
    }

    @Test
    void a_file_that_is_none_of_mlflows_is_refused_by_its_name() {
        ProblemException refused =
                catchThrowableOfType(ProblemException.class, () -> publish(Map.of("MLmodel", "flavors: ["), "{}"));
        assertThat(refused.problem().type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.problem().field()).contains("MLmodel");
    }
}
