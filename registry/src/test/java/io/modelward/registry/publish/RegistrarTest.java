package io.modelward.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Actor;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrarTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Actor ADA = new Actor("ada", false);
    private static final ModelName IRIS = ModelName.parse("iris");
    private static final String RUN = "0123456789abcdef0123456789abcdef";
    private static final String FOLDER = "0/" + RUN + "/artifacts/model";
    private static final String UNSIGNED =
            "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n";

    @TempDir
    Path directory;

    private RerunCatalog catalog;
    private ArtifactService artifacts;
    private Registrar registrar;
    private int inspected;
    private Optional<Signature> answer = Optional.empty();
    private Runnable meanwhile = () -> {};

    @BeforeEach
    void open() throws IOException {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        DiskBlobStore blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        artifacts = new ArtifactService(EVERYONE, catalog, blobs, InstantSource.system(), ModelFormats.python());
        Inspector inspector = (model, manifest) -> {
            inspected++;
            meanwhile.run();
            return answer;
        };
        registrar = new Registrar(EVERYONE, catalog, blobs, inspector, InstantSource.system(), Failpoints.NONE);
        new ModelService(EVERYONE, catalog, InstantSource.system(), ModelWatch.NONE).create(IRIS, "", List.of(), ADA);
        catalog.write(tx -> {
            tx.runs()
                    .insert(new Run(
                            RUN,
                            0,
                            "run",
                            "grace",
                            RunStatus.FINISHED,
                            1,
                            OptionalLong.empty(),
                            "mlflow-artifacts:/0/" + RUN + "/artifacts",
                            OptionalLong.empty()));
            return true;
        });
        put("MLmodel", UNSIGNED);
        put("model.pkl", "weights");
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void put(String name, String content) {
        try (ArtifactUpload upload = artifacts.upload(ArtifactPath.parse(FOLDER + "/" + name))) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            upload.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private VersionWithOrigin register(String text, RegistrationSource source, KeyValue... tags) {
        return registrar.register(
                new Registration(
                        IRIS,
                        text,
                        source,
                        Optional.of(RUN),
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        List.of(tags),
                        ModelNote.NONE),
                new Actor(Actor.ANONYMOUS, false));
    }

    private VersionWithOrigin register(KeyValue... tags) {
        return register("runs:/" + RUN + "/model", ofRun("model"), tags);
    }

    private static RegistrationSource ofRun(String path) {
        return new RegistrationSource.OfRun(RUN, ArtifactPath.parse(path));
    }

    private static Signature rows(int width) {
        return Signature.of(Optional.empty(), Optional.empty(), OptionalInt.of(width), List.of(), Optional.empty());
    }

    @Test
    void what_changed_while_it_was_registered_is_not_registered() {
        meanwhile = () -> put("model.pkl", "other weights");
        assertThatThrownBy(this::register)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.CONFLICT));
        meanwhile = () -> {};
        put("model.pkl", "not sealed");
        VersionWithOrigin version = register();
        assertThat(version.summary().ordinal()).isEqualTo(1);
        assertThatThrownBy(() -> put("model.pkl", "late"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("ordinal 1");
    }

    @Test
    void a_model_that_says_nothing_is_looked_at_and_numbered_by_what_was_seen() {
        answer = Optional.of(rows(4));
        assertThat(register().summary().version()).hasToString("1.0.0");
        assertThat(register().summary().version()).hasToString("1.1.0");
        answer = Optional.of(rows(5));
        assertThat(register().summary().version()).hasToString("2.0.0");
        assertThat(inspected).isEqualTo(3);
    }

    @Test
    void a_copy_is_not_looked_at_again() {
        answer = Optional.of(rows(4));
        VersionWithOrigin first = register();
        VersionWithOrigin copy =
                register("models:/iris/1", new RegistrationSource.Version(IRIS, new Selector.ByOrdinal(1)));
        assertThat(copy.row().signature()).isEqualTo(first.row().signature());
        assertThat(copy.summary().digest()).isEqualTo(first.summary().digest());
        assertThat(copy.summary().version()).hasToString("1.1.0");
        assertThat(inspected).isEqualTo(1);
    }

    @Test
    void where_nothing_is_known_of_two_versions_the_newer_is_minor_and_says_so() {
        assertThat(register().row().warnings()).noneMatch(warning -> warning.contains("is not known"));
        VersionWithOrigin second = register();
        assertThat(second.summary().version()).hasToString("1.1.0");
        assertThat(second.row().warnings()).anyMatch(warning -> warning.contains("is not known"));
        answer = Optional.of(rows(4));
        VersionWithOrigin known = register();
        assertThat(known.summary().version())
                .as("to learn what a row is breaks nobody")
                .hasToString("1.2.0");
        assertThat(known.row().warnings()).anyMatch(warning -> warning.contains("did not say what a row is"));
    }

    @Test
    void a_model_that_was_asked_in_vain_is_registered_with_a_warning() {
        String warning = "the model could not be asked in time what it takes and gives, so its rows are not checked";
        assertThat(register().row().warnings()).containsExactly(warning);
        answer = Optional.of(rows(4));
        assertThat(register().row().warnings()).doesNotContain(warning);
    }

    @Test
    void references_are_neither_looked_at_nor_compared_with() {
        answer = Optional.of(rows(4));
        register();
        assertThat(register("s3://bucket/x", new RegistrationSource.Elsewhere("s3://bucket/x"))
                        .summary()
                        .version())
                .hasToString("1.1.0");
        assertThat(register("runs:/" + RUN + "/nothing", ofRun("nothing"))
                        .summary()
                        .version())
                .hasToString("1.2.0");
        assertThat(register().summary().version()).as("held to 1.0.0").hasToString("1.3.0");
        assertThat(inspected).isEqualTo(2);
    }

    @Test
    void the_runs_user_is_who_registered_when_nobody_says_so() {
        assertThat(register().summary().published().actor()).isEqualTo("grace");
    }

    @Test
    void a_run_that_logged_more_than_a_card_holds_is_registered_all_the_same() {
        catalog.write(tx -> {
            for (int i = 0; i < 1500; i++) {
                tx.runData().insertParam(RUN, new KeyValue("param " + i, "x".repeat(6000)));
            }
            return true;
        });
        VersionWithOrigin version = register();
        assertThat(version.summary().shownCard().text()).contains("param 1", "…");
        assertThat(version.params()).hasSize(1500);
    }
}
