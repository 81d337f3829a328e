package io.modelward.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.Stage;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.publish.Registration;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.version.VersionService;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);
    private static final Actor ADA = new Actor("ada", false);
    private static final ModelName IRIS = ModelName.parse("iris");
    private static final Selector FIRST = new Selector.Exact(SemVer.parse("1.0.0"));
    private static final Selector SECOND = new Selector.Exact(SemVer.parse("1.1.0"));

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private ModelService models;
    private VersionStateService states;
    private VersionService versions;
    private AliasService aliases;
    private int told;

    @BeforeEach
    void open() throws Exception {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        InstantSource clock = () -> now;
        ModelWatch watch = () -> told++;
        models = new ModelService(EVERYONE, catalog, clock, watch);
        aliases = new AliasService(EVERYONE, catalog, clock, Failpoints.NONE);
        states = new VersionStateService(EVERYONE, catalog, clock, aliases, watch);
        versions = new VersionService(EVERYONE, catalog, blobs);
        models.create(IRIS, "flowers", List.of(new KeyValue("team", "blue")), ADA);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private VersionWithOrigin publish() {
        return publish(IRIS);
    }

    private VersionWithOrigin publish(ModelName model) {
        now = now.plusMillis(1);
        return new Registrar(EVERYONE, catalog, blobs, Inspector.NONE, () -> now, Failpoints.NONE)
                .register(
                        new Registration(
                                model,
                                "s3://b/m",
                                new RegistrationSource.Elsewhere("s3://b/m"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                "",
                                List.of(),
                                ModelNote.NONE),
                        ADA);
    }

    private static Problem refused(ProblemType type, ThrowingCallable call) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(ProblemException.class, refused -> problem[0] = refused.problem());
        assertThat(problem[0].type()).isEqualTo(type);
        return problem[0];
    }

    @Test
    void a_version_comes_back_as_it_was_without_its_aliases_and_its_number_is_never_given_again() {
        publish();
        VersionWithOrigin second = publish();
        states.describe(IRIS, SECOND, "good", ADA, "");
        states.transition(IRIS, SECOND, Stage.PRODUCTION, false, ADA, "");
        states.setTag(IRIS, SECOND, new KeyValue("k", "v"), ADA, "");
        aliases.set(IRIS, AliasName.parse("champion"), SECOND, new AliasService.Expectation.Any(), ADA, "");
        states.delete(IRIS, SECOND, ADA, "wrong data");
        assertThat(refused(ProblemType.NOT_FOUND, () -> versions.version(IRIS, SECOND))
                        .extra())
                .containsEntry("missing", "version");
        assertThat(publish().summary().ordinal()).isEqualTo(3);
        VersionWithOrigin back = states.undelete(IRIS, SemVer.parse("1.1.0"), ADA, "it was right");
        assertThat(back.row()).isEqualTo(second.row());
        assertThat(back.state().description()).isEqualTo("good");
        assertThat(back.state().stage()).isEqualTo(Stage.PRODUCTION);
        assertThat(back.tags()).containsExactly(new KeyValue("k", "v"));
        assertThat(back.aliases()).isEmpty();
        assertThat(versions.version(IRIS, SECOND).published()).isEqualTo(second.row());
        assertThat(told).isEqualTo(2);
    }

    @Test
    void bringing_back_what_is_there_changes_nothing_and_what_never_was_is_not_found() {
        publish();
        long entries = entries();
        states.undelete(IRIS, SemVer.parse("1.0.0"), ADA, "");
        models.undelete(IRIS, ADA, "");
        assertThat(entries()).isEqualTo(entries);
        refused(ProblemType.NOT_FOUND, () -> states.undelete(IRIS, SemVer.parse("9.0.0"), ADA, ""));
        assertThat(refused(ProblemType.NOT_FOUND, () -> models.undelete(ModelName.parse("never"), ADA, ""))
                        .extra())
                .containsEntry("missing", "model")
                .containsEntry("named", "default/never");
    }

    private long entries() {
        return catalog.read(
                tx -> (long) tx.audit().list(Long.MAX_VALUE, 1000, "").size());
    }

    @Test
    void a_model_comes_back_with_the_versions_that_were_there_and_its_aliases_and_tags() {
        publish();
        publish();
        publish();
        aliases.set(IRIS, AliasName.parse("champion"), FIRST, new AliasService.Expectation.Any(), ADA, "");
        states.delete(IRIS, SECOND, ADA, "");
        now = now.plusMillis(1);
        models.delete(IRIS, ADA, "");
        refused(ProblemType.NOT_FOUND, () -> versions.model(IRIS));
        now = now.plusMillis(1);
        assertThat(models.undelete(IRIS, ADA, "").description()).isEqualTo("flowers");
        assertThat(versions.versions(IRIS, "", 10).items())
                .extracting(version -> version.version().toString())
                .containsExactly("1.0.0", "1.2.0");
        assertThat(versions.model(IRIS).aliases()).containsOnlyKeys("champion");
        assertThat(versions.model(IRIS).tags()).containsExactly(new KeyValue("team", "blue"));
        assertThat(publish().summary().ordinal()).isEqualTo(4);
    }

    @Test
    void a_name_that_another_model_has_now_is_not_taken_from_it() {
        publish();
        models.delete(IRIS, ADA, "");
        models.create(IRIS, "newer", List.of(), ADA);
        assertThat(refused(ProblemType.CONFLICT, () -> models.undelete(IRIS, ADA, ""))
                        .extra())
                .containsEntry("in_the_way", "default/iris");
        models.rename(IRIS, ModelName.parse("iris2"), ADA, "");
        assertThat(models.undelete(IRIS, ADA, "").description()).isEqualTo("flowers");
    }

    @Test
    void of_two_deleted_models_of_a_name_the_one_that_was_deleted_last_comes_back() {
        models.delete(IRIS, ADA, "");
        models.create(IRIS, "newer", List.of(), ADA);
        now = now.plusSeconds(1);
        models.delete(IRIS, ADA, "");
        assertThat(models.undelete(IRIS, ADA, "").description()).isEqualTo("newer");
    }

    @Test
    void words_for_what_is_missing_or_taken_belong_to_no_protocol() {
        assertThat(refused(ProblemType.NOT_FOUND, () -> models.describe(ModelName.parse("team/x"), "", ADA, ""))
                        .detail())
                .startsWith("There is no model team/x.");
        assertThat(refused(ProblemType.CONFLICT, () -> models.create(IRIS, "", List.of(), ADA))
                        .detail())
                .startsWith("There is a model default/iris already.");
    }

    @Test
    void a_reason_is_in_the_audit_log() {
        models.describe(IRIS, "better", ADA, "a typing error");
        assertThat(catalog.read(tx -> tx.audit()
                                .list(Long.MAX_VALUE, 1, "default/iris")
                                .getFirst())
                        .change()
                        .reason())
                .isEqualTo("a typing error");
    }
}
