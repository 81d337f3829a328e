package io.modelward.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.digest.Digest;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.registry.assembly.Keeping;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Registration;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.retention.LeftoverService.Leftovers;
import io.modelward.registry.tracking.LoggedModelService.NewModel;
import io.modelward.registry.tracking.RunService.NewRun;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings end of deleted runs, deleted logged models and records of predictions. */
class LeftoversTest {

    private static final Actor ADA = new Actor("ada", false);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final int RECORDS = 64;

    @TempDir
    Path directory;

    private final ExecutorService hashers = Executors.newSingleThreadExecutor();
    private RerunCatalog catalog;
    private SegmentPredictionLog log;
    private RegistryServices services;
    private Duration ahead = Duration.ZERO;
    private String breaksAt = "";

    @BeforeEach
    void open() throws Exception {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        openLog();
        services = services(new LeftoverRules(Optional.of(MONTH), Optional.of(MONTH)));
    }

    private void openLog() throws IOException {
        log = new SegmentPredictionLog(
                new LocalDisk(Failpoints.NONE), directory.resolve("log"), RECORDS, InstantSource.system());
    }

    private RegistryServices services(LeftoverRules rules) throws IOException {
        return new RegistryServices(
                new Access(Authorizer.EVERYONE),
                new Storage(
                        catalog,
                        new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs")),
                        log,
                        this::pass),
                this::now,
                new Random(1),
                Inspector.NONE,
                MemoryShare.unlimited(),
                hashers,
                new Keeping(Duration.ZERO, Duration.ofDays(1), rules));
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    private void pass(String name) {
        if (name.equals(breaksAt)) {
            throw new IllegalStateException("broken off at " + name);
        }
    }

    @AfterEach
    void close() {
        hashers.shutdown();
        log.close();
        catalog.close();
    }

    private String run() {
        String run = services.runs
                .create(new NewRun("0", "ada", Optional.empty(), OptionalLong.empty(), List.of(new KeyValue("k", "v"))))
                .run()
                .id();
        services.runLog.log(
                run,
                List.of(new MetricPoint("acc", 0.5, 1, 0)),
                List.of(new KeyValue("depth", "3")),
                List.of(),
                List.of());
        return run;
    }

    private String model(String run) {
        return services.loggedModels
                .create(new NewModel("0", Optional.of("m"), "sklearn", run, List.of(new KeyValue("p", "1")), List.of()))
                .model()
                .id();
    }

    private void file(String path, String content) throws IOException {
        try (ArtifactUpload upload = services.artifacts.upload(ArtifactPath.parse(path))) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            upload.finish();
        }
    }

    private boolean fileAt(String path) {
        return catalog.read(tx -> tx.artifacts().find(ArtifactPath.parse(path)).isPresent());
    }

    private boolean there(String run) {
        return catalog.read(tx -> tx.runs().find(run)).isPresent();
    }

    private List<AuditEntry> audit(String action) {
        return services.audit
                .list(Long.MAX_VALUE, 100, new AuditQuery("", "", action, Optional.empty(), Optional.empty()))
                .items();
    }

    private PredictionId predicted(Instant at) throws InterruptedException {
        PredictionLog.Claim claim = log.claim();
        while (!claim.kept()) {
            TimeUnit.MILLISECONDS.sleep(5);
            claim = log.claim();
        }
        Digest digest = Digest.of("a".getBytes(StandardCharsets.UTF_8));
        claim.write(new DecisionRecord(at, 1, 1, (byte) 0, (byte) 1, 200, 1L, 1, digest, digest, Optional.of(digest)));
        return claim.id();
    }

    private List<PredictionId> predicted(int count, Instant at) throws InterruptedException {
        List<PredictionId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(predicted(at));
        }
        return ids;
    }

    @Test
    void a_run_that_was_deleted_longAgo_goes_with_its_files_and_others_stay() throws Exception {
        String kept = run();
        String old = run();
        String late = run();
        file("0/" + old + "/artifacts/notes.txt", "old notes");
        file("0/" + kept + "/artifacts/notes.txt", "notes");
        services.runs.delete(old, ADA, "");
        ahead = MONTH.minusMinutes(1);
        services.runs.delete(late, ADA, "");
        assertThat(services.leftovers.preview().none()).isTrue();
        ahead = MONTH.plusMinutes(1);
        assertThat(services.leftovers.preview().runs()).isEqualTo(1);
        assertThat(there(old)).as("a preview changes nothing").isTrue();

        Leftovers gone = services.leftovers.run(ADA, "space");
        assertThat(gone.runs()).isEqualTo(1);
        assertThat(there(old)).isFalse();
        assertThat(there(kept)).isTrue();
        assertThat(there(late)).isTrue();
        assertThat(fileAt("0/" + old + "/artifacts/notes.txt")).isFalse();
        assertThat(fileAt("0/" + kept + "/artifacts/notes.txt")).isTrue();
        assertThat(audit("run.purge")).singleElement().satisfies(entry -> {
            assertThat(entry.detail().path("runs").path(0).stringValue()).isEqualTo(old);
            assertThat(entry.change().actor()).isEqualTo("ada");
        });
        assertThatThrownBy(() -> services.runs.restore(old, ADA, "")).isInstanceOf(ProblemException.class);
        services.runs.restore(late, ADA, "");
        assertThat(services.leftovers.run(ADA, "space").none()).isTrue();
    }

    @Test
    void what_a_version_tells_of_stays_with_its_files() throws Exception {
        String told = run();
        String madeOf = run();
        file("0/" + madeOf + "/artifacts/model/MLmodel", "flavors: {}");
        register("told", "s3://bucket/model", new RegistrationSource.Elsewhere("s3://bucket/model"), told);
        register(
                "made",
                "runs:/" + madeOf + "/model",
                new RegistrationSource.OfRun(madeOf, ArtifactPath.parse("model")),
                madeOf);
        services.runs.delete(told, ADA, "");
        services.runs.delete(madeOf, ADA, "");
        ahead = MONTH.plusDays(1);
        assertThat(services.leftovers.preview().none()).isTrue();
        assertThat(services.leftovers.run(ADA, "").none()).isTrue();
        assertThat(there(told)).isTrue();
        assertThat(there(madeOf)).isTrue();
    }

    private void register(String model, String text, RegistrationSource source, String run) {
        ModelName name = ModelName.parse(model);
        services.models.create(name, "", List.of(), ADA);
        services.registrar.register(
                new Registration(
                        name,
                        text,
                        source,
                        Optional.of(run),
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        List.of(),
                        ModelNote.NONE),
                ADA);
    }

    @Test
    void a_run_stays_as_long_as_a_model_that_it_logged_and_goes_with_it() {
        String run = run();
        String model = model(run);
        services.runs.delete(run, ADA, "");
        ahead = MONTH.plusDays(1);
        assertThat(services.leftovers.run(ADA, "").none()).isTrue();
        services.loggedModels.delete(model, ADA);
        ahead = MONTH.multipliedBy(2).plusDays(2);
        Leftovers gone = services.leftovers.run(ADA, "");
        assertThat(gone.models()).isEqualTo(1);
        assertThat(gone.runs()).isEqualTo(1);
        assertThat(there(run)).isFalse();
        boolean left = catalog.read(tx -> tx.loggedModels().find(model).isPresent());
        assertThat(left).isFalse();
        assertThat(audit("logged-model.purge")).hasSize(1);
    }

    @Test
    void a_run_that_is_brought_back_between_preview_and_run_stays() {
        String run = run();
        services.runs.delete(run, ADA, "");
        ahead = MONTH.plusDays(1);
        assertThat(services.leftovers.preview().runs()).isEqualTo(1);
        services.runs.restore(run, ADA, "");
        assertThat(services.leftovers.run(ADA, "").none()).isTrue();
        assertThat(there(run)).isTrue();
    }

    @Test
    void a_purge_that_is_broken_off_leaves_a_run_whole() throws Exception {
        String run = run();
        file("0/" + run + "/artifacts/f", "x");
        services.runs.delete(run, ADA, "");
        ahead = MONTH.plusDays(1);
        breaksAt = "retention.leftovers-before-audit";
        assertThatThrownBy(() -> services.leftovers.run(ADA, "")).isInstanceOf(IllegalStateException.class);
        breaksAt = "";
        assertThat(there(run)).isTrue();
        assertThat(fileAt("0/" + run + "/artifacts/f")).isTrue();
        assertThat(audit("run.purge")).isEmpty();
        assertThat(services.leftovers.run(ADA, "").runs()).isEqualTo(1);
    }

    @Test
    void without_the_settings_all_stays() throws Exception {
        services = services(LeftoverRules.NONE);
        String run = run();
        services.runs.delete(run, ADA, "");
        predicted(RECORDS * 3, Instant.EPOCH);
        ahead = Duration.ofDays(3000);
        assertThat(services.leftovers.preview().none()).isTrue();
        assertThat(services.leftovers.run(ADA, "").none()).isTrue();
        assertThat(there(run)).isTrue();
    }

    @Test
    void records_go_by_whole_files_that_are_older_and_none_that_takes_records() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofDays(40));
        List<PredictionId> old = predicted(RECORDS * 2, longAgo);
        // One record of today keeps the file that has it.
        List<PredictionId> mixed = predicted(RECORDS - 1, longAgo);
        mixed.add(predicted(Instant.now()));
        List<PredictionId> behind = predicted(RECORDS + 5, longAgo);
        awaitSealed(4);

        Leftovers preview = services.leftovers.preview();
        assertThat(preview.files()).hasSize(2);
        assertThat(preview.records()).isEqualTo(2L * RECORDS);
        assertThat(old).allMatch(id -> log.find(id).record().isPresent());
        Leftovers gone = services.leftovers.run(ADA, "the law");
        assertThat(gone.files()).isEqualTo(preview.files());
        assertThat(old).allMatch(id -> log.find(id).record().isEmpty());
        assertThat(mixed).allMatch(id -> log.find(id).record().isPresent());
        assertThat(behind).allMatch(id -> log.find(id).record().isPresent());

        assertThat(old).allMatch(id -> RecordsPurge.removed(catalog, log, id).isPresent());
        assertThat(mixed).allMatch(id -> RecordsPurge.removed(catalog, log, id).isEmpty());
        assertThat(audit("predictions.remove")).singleElement().satisfies(entry -> {
            assertThat(entry.detail().path("records").asInt()).isEqualTo(2 * RECORDS);
            assertThat(entry.change().reason()).isEqualTo("the law");
        });
        assertThat(services.leftovers.run(ADA, "").none()).isTrue();

        // All that is sealed gets old: the newest file of them stays, and so does the numbering after a start.
        ahead = MONTH.multipliedBy(2);
        services.leftovers.run(ADA, "");
        List<Integer> left = log.segments();
        log.close();
        openLog();
        services = services(new LeftoverRules(Optional.of(MONTH), Optional.of(MONTH)));
        PredictionId next = predicted(now());
        assertThat(next.segment()).isGreaterThan(left.getFirst());
        assertThat(RecordsPurge.removed(catalog, log, next)).isEmpty();
    }

    private void awaitSealed(int files) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (log.segments().stream().filter(log::isSealed).count() < files) {
            assertThat(System.nanoTime()).as("the files are sealed").isLessThan(limit);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void a_backup_under_way_keeps_the_records_and_a_crash_before_the_removal_is_mended_by_the_next_run()
            throws Exception {
        List<PredictionId> old = predicted(RECORDS * 3 + 1, Instant.now().minus(Duration.ofDays(40)));
        awaitSealed(3);
        try (Housekeeping.Hold _ = services.housekeeping.hold()) {
            assertThat(services.leftovers.run(ADA, "").files()).isEmpty();
            assertThat(audit("predictions.remove")).isEmpty();
        }
        breaksAt = "retention.records-before-removal";
        assertThatThrownBy(() -> services.leftovers.run(ADA, "")).isInstanceOf(IllegalStateException.class);
        breaksAt = "";
        assertThat(old).allMatch(id -> log.find(id).record().isPresent());
        assertThat(old).allMatch(id -> RecordsPurge.removed(catalog, log, id).isEmpty());
        assertThat(services.leftovers.run(ADA, "").files()).hasSize(2);
        assertThat(RecordsPurge.removed(catalog, log, old.getFirst())).isPresent();
        assertThat(services.verifier.all().intact()).isTrue();
    }
}
