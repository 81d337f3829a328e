package io.modelward.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.tracking.RunService.NewRun;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of the registry, asked by whoever. */
class AccessOfServicesTest {

    private static final ModelName IRIS = ModelName.parse("iris");
    private static final Principal ANN = Principal.claimed("ann");
    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private final ExecutorService hashers = Executors.newSingleThreadExecutor();
    private SqliteCatalog catalog;
    private SegmentPredictionLog log;

    @BeforeEach
    void open() throws Exception {
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        log = new SegmentPredictionLog(disk, directory.resolve("log"), 1 << 14, InstantSource.system());
    }

    @AfterEach
    void close() {
        hashers.shutdown();
        log.close();
        catalog.close();
    }

    private RegistryServices services(Authorizer authorizer) throws Exception {
        DiskBlobStore blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        return new RegistryServices(
                new Access(authorizer),
                new Storage(catalog, blobs, log, Failpoints.NONE),
                InstantSource.system(),
                new Random(1),
                Inspector.NONE,
                MemoryShare.unlimited(),
                hashers);
    }

    private static Map<String, ThrowingCallable> calls(RegistryServices services) {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("create a model", () -> services.models.create(IRIS, "", List.of(), ADA));
        calls.put("look at the models", () -> services.versions.models("", 10, ""));
        calls.put("describe it", () -> services.models.describe(IRIS, "text", ADA, ""));
        calls.put("begin a draft", () -> services.drafts.create(IRIS, ADA));
        calls.put(
                "begin a run",
                () -> services.runs.create(new NewRun("0", "", Optional.empty(), OptionalLong.empty(), List.of())));
        calls.put(
                "upload",
                () -> services.artifacts.upload(ArtifactPath.parse("0/a")).close());
        calls.put("list files", () -> services.artifacts.list(ArtifactPath.ROOT, "", 10));
        calls.put("look at the audit log", () -> services.audit.list(Long.MAX_VALUE, 10, AuditQuery.about("")));
        calls.put("verify", () -> services.verifier.all());
        calls.put("delete the model", () -> services.models.delete(IRIS, ADA, ""));
        return calls;
    }

    private static void refused(String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as(words)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.FORBIDDEN));
    }

    @Test
    void without_a_caller_they_refuse_and_with_one_who_may_they_work() throws Exception {
        RegistryServices services = services((principal, action, resource) -> principal.equals(ANN));
        calls(services).forEach(AccessOfServicesTest::refused);
        calls(services)
                .forEach((words, call) ->
                        refused(words, () -> Access.call(Principal.claimed("bob"), () -> done(call))));
        assertThat(catalog.<Boolean>read(tx -> tx.models().list("", 10).isEmpty()))
                .isTrue();
        calls(services)
                .forEach((words, call) -> assertThatCode(() -> Access.call(ANN, () -> done(call)))
                        .as(words)
                        .doesNotThrowAnyException());
    }

    private static boolean done(ThrowingCallable call) throws Exception {
        try {
            call.call();
            return true;
        } catch (Exception | Error failure) {
            throw failure;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
    }

    @Test
    void a_rule_can_tell_namespaces_and_actions_apart() throws Exception {
        RegistryServices services = services((principal, action, resource) -> action == Action.READ
                || (resource instanceof Resource.Model model
                        && model.name().namespace().equals("team")
                        && (action == Action.PUBLISH || action == Action.RELEASE)));
        Access.as(ANN, () -> {
            ModelName ours = ModelName.of("team", "iris");
            services.models.create(ours, "", List.of(), ADA);
            services.versions.model(ours);
            refused("another's", () -> services.models.create(IRIS, "", List.of(), ADA));
            refused("to another's", () -> services.models.rename(ours, IRIS, ADA, ""));
            refused("delete", () -> services.models.delete(ours, ADA, ""));
            assertThatThrownBy(() -> services.aliases.set(
                            ours, AliasName.parse("a"), Selector.parse("latest"), new Expectation.Any(), ADA, ""))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.NOT_FOUND));
        });
    }
}
