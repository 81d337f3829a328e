package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.registry.model.ModelNames;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models whose namespace was reserved after they were made. */
class ReservedNamespaceTest extends GatewayTest {

    private static final ModelName OLD = ModelName.of("hf", "old");
    private static final EndpointName ENDPOINT = EndpointName.parse("old");

    private ModelService models;

    /** As an earlier release did: the store knows nothing of reserved names. */
    @BeforeEach
    void makeUnderTheOldRule() {
        models = new ModelService(new Access(Authorizer.EVERYONE), catalog, InstantSource.system(), ModelWatch.NONE);
        catalog.write(tx -> tx.models().insert(OLD, "", Instant.EPOCH));
    }

    private void publishOld(String version) throws Exception {
        String draft = drafts.create(OLD, ADA).draft().id();
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(version.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        publisher.publish(
                draft,
                new PublishRequest(
                        new PublishRequest.Number.Exact(SemVer.parse(version)), Json.parse("{}", "card"), "", ""),
                ADA);
    }

    private void serve(String selector) {
        mover.move(
                ENDPOINT,
                new Move(
                        "flip",
                        Optional.of(OLD),
                        Optional.of(Selector.parse(selector)),
                        OptionalLong.empty(),
                        false,
                        ADA,
                        ""));
    }

    @Test
    void they_publish_resolve_and_serve_as_before() throws Exception {
        publishOld("1.0.0");
        publishOld("1.1.0");
        assertThat(versions.version(OLD, Selector.parse("latest"))
                        .published()
                        .summary()
                        .version())
                .hasToString("1.1.0");
        serve("1.0.0");
        assertThat(new String(
                        predictor
                                .predict(Request.of("old", ROW))
                                .join()
                                .answer()
                                .whole(),
                        StandardCharsets.UTF_8))
                .contains("hf/old@1.0.0");
        serve("^1");
        assertThat(endpoints.get(ENDPOINT).revision().active().arm().ref().reference())
                .isEqualTo("hf/old@1.1.0");
    }

    @Test
    void they_are_renamed_away_and_the_name_does_not_come_back() throws Exception {
        publishOld("1.0.0");
        ModelName away = ModelName.of("team", "old");
        models.rename(OLD, away, ADA, "");
        assertThat(versions.version(away, Selector.parse("1.0.0")).published().active())
                .isTrue();
        refused(() -> models.rename(away, OLD, ADA, ""));
        refused(() -> drafts.create(OLD, ADA));
        assertThat(catalog.read(ModelNames::reservedInUse)).isEmpty();
    }

    @Test
    void they_are_deleted_and_not_made_again() throws Exception {
        publishOld("1.0.0");
        models.delete(OLD, ADA, "");
        refused(() -> drafts.create(OLD, ADA));
        refused(() -> models.create(OLD, "", List.of(), ADA));
    }

    @Test
    void a_new_model_is_refused_beside_them_and_the_message_says_what_to_do() {
        for (String namespace : List.of("hf", "HF", "grpc", "datasets")) {
            Problem problem = refused(() -> drafts.create(ModelName.of(namespace, "new"), ADA));
            assertThat(problem.detail())
                    .contains("The namespace " + namespace + " is reserved", "choose another namespace");
        }
        drafts.create(ModelName.of("hf-team", "new"), ADA);
    }

    private static Problem refused(Runnable action) {
        Problem problem = problem(action);
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID);
        assertThat(problem.field()).contains("namespace");
        return problem;
    }

    @Test
    void the_namespaces_are_reported_in_whatever_letters() {
        assertThat(catalog.read(ModelNames::reservedInUse)).containsExactly("hf");
        catalog.write(tx -> {
            tx.models().insert(ModelName.of("Papers", "old"), "", Instant.EPOCH);
            tx.models().insert(ModelName.of("docs-team", "new"), "", Instant.EPOCH);
            tx.models().insert(ModelName.of("cas", "b"), "", Instant.EPOCH);
            return tx.models().insert(ModelName.of("cas", "a"), "", Instant.EPOCH);
        });
        assertThat(catalog.read(ModelNames::reservedInUse)).containsExactly("cas", "hf", "Papers");
    }
}
