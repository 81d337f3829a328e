package io.modelward.registry.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.retention.KeepReason.Why;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.assembly.Keeping;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.retention.RetentionParts;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rule deleted, until its bytes are given up and after that. */
class UndeleteWindowTest {

    private static final Actor ADA = new Actor("ada", false);
    private static final ModelName IRIS = ModelName.parse("iris");

    @TempDir
    Path directory;

    private final ExecutorService hashers = Executors.newSingleThreadExecutor();
    private RerunCatalog catalog;
    private SegmentPredictionLog log;
    private DiskBlobStore blobs;
    private RegistryServices services;
    private Duration ahead = Duration.ZERO;

    @BeforeEach
    void open() throws Exception {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        log = new SegmentPredictionLog(
                new LocalDisk(Failpoints.NONE), directory.resolve("log"), 1 << 10, InstantSource.system());
        services = new RegistryServices(
                new Access(Authorizer.EVERYONE),
                new Storage(catalog, blobs, log, Failpoints.NONE),
                () -> Instant.now().plus(ahead),
                new Random(1),
                Inspector.NONE,
                MemoryShare.unlimited(),
                hashers,
                Keeping.DEFAULT);
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0")) {
            publish(IRIS, version, "{}");
        }
        ahead = Duration.ofDays(400);
    }

    @AfterEach
    void close() {
        hashers.shutdown();
        log.close();
        catalog.close();
    }

    private void publish(ModelName model, String version, String card) throws IOException {
        String draft = services.drafts.create(model, ADA).draft().id();
        try (DraftUpload upload = services.drafts.upload(draft, FilePath.parse("f"))) {
            upload.write(ByteBuffer.wrap((model + version).getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        services.publisher.publish(
                draft,
                new PublishRequest(
                        new PublishRequest.Number.Exact(SemVer.parse(version)), Json.parse(card, "card"), "", ""),
                ADA);
    }

    private List<String> run() {
        return services.retention.run(IRIS, Optional.empty(), true, ADA, "space").deleted().stream()
                .map(one -> one.version().toString())
                .toList();
    }

    private boolean hasBytes(String version) throws IOException {
        var file = catalog.read(tx -> tx.versions()
                .find(tx.models().find(IRIS).orElseThrow().id(), SemVer.parse(version))
                .orElseThrow()
                .manifest()
                .files()
                .getFirst());
        return blobs.size(file.sha256()).isPresent();
    }

    private void undelete(String version) {
        services.versionStates.undelete(IRIS, SemVer.parse(version), ADA, "");
    }

    private void hold(String version) {
        services.retention.hold(IRIS, SemVer.parse(version), ADA, "audit");
    }

    private List<AuditEntry> audit(String action) {
        return services.audit
                .list(Long.MAX_VALUE, 100, new AuditQuery("", "", action, Optional.empty(), Optional.empty()))
                .items();
    }

    @Test
    void within_the_window_a_version_comes_back_whole_and_after_it_the_bytes_are_gone_for_good() throws Exception {
        services.retentionRules.setOfServer(new RetentionRule(4, false, Duration.ofDays(1), List.of()), ADA, "");
        hold("1.0.0");
        assertThat(run()).containsExactly("1.2.0", "1.1.0");
        assertThat(audit("retention.run"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.detail().path("versions")).hasSize(2));
        assertThat(audit("version.delete")).hasSize(2);
        services.garbage.runByItself();
        undelete("1.1.0");
        assertThat(services.verifier
                        .version(IRIS, new Selector.Exact(SemVer.parse("1.1.0")))
                        .damaged())
                .isEmpty();
        // Deleted again, so the window begins anew.
        ahead = ahead.plusDays(29);
        assertThat(run()).containsExactly("1.1.0");
        ahead = ahead.plusDays(2);
        assertThat(services.garbage.estimate().versions()).isEqualTo(1);
        assertThat(services.garbage.estimate().blobs()).isEqualTo(1);
        services.garbage.runByItself();
        assertThat(services.garbage.status().blobs()).isEqualTo(1);
        assertThat(hasBytes("1.2.0")).isFalse();
        assertThat(hasBytes("1.1.0")).isTrue();
        assertThat(audit("version.purge")).hasSize(1);
        assertThatThrownBy(() -> undelete("1.2.0"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        gone -> assertThat(gone.problem().type()).isEqualTo(ProblemType.CONFLICT))
                .hasMessageContaining("files")
                .hasMessageContaining("Publish");
        assertThatThrownBy(() -> hold("1.2.0")).hasMessageContaining("gone");
        assertThatThrownBy(() -> publish(IRIS, "1.2.0", "{}")).hasMessageContaining("never given again");
        assertThat(services.retention
                        .tombstone(IRIS, SemVer.parse("1.2.0"))
                        .tombstone()
                        .purgedAt())
                .isPresent();
        assertThat(services.verifier.all().damaged()).isEmpty();
        assertThatThrownBy(
                        () -> services.versionStates.delete(IRIS, new Selector.Exact(SemVer.parse("1.0.0")), ADA, ""))
                .hasMessageContaining("held by ada");
    }

    @Test
    void a_model_is_not_deleted_while_somebody_holds_a_version_of_it() {
        hold("1.1.0");
        hold("1.2.0");
        assertThatThrownBy(() -> services.models.delete(IRIS, ADA, ""))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        held -> assertThat(held.problem().type()).isEqualTo(ProblemType.CONFLICT))
                .hasMessageContaining("somebody holds 1.2.0, 1.1.0, so the model is not deleted");
        services.retention.release(IRIS, SemVer.parse("1.1.0"), ADA, "done");
        services.retention.release(IRIS, SemVer.parse("1.2.0"), ADA, "done");
        services.models.delete(IRIS, ADA, "");
        assertThat(services.models.undelete(IRIS, ADA, "").active()).isTrue();
    }

    @Test
    void a_version_that_cannot_give_up_its_bytes_holds_up_no_other_and_people_are_told() throws Exception {
        catalog.write(tx -> {
            tx.notificationChannels()
                    .insert(new NotificationChannel(
                            "1",
                            "team",
                            ChannelKind.EMAIL,
                            "a@b.c",
                            "a@b.c",
                            Optional.empty(),
                            NoticeFilter.ALL,
                            Optional.empty(),
                            Duration.ofHours(1),
                            Instant.EPOCH,
                            Instant.EPOCH));
            return true;
        });
        services.retentionRules.setOfModel(IRIS, new RetentionRule(4, false, Duration.ofDays(1), List.of()), ADA, "");
        assertThat(run()).containsExactly("1.2.0", "1.1.0", "1.0.0");
        // Once for all of them together, and once for the first of them alone.
        int[] broken = {2};
        services.keepVersions((tx, model) -> {
            if (broken[0] > 0) {
                broken[0]--;
                throw new IllegalStateException("one version cannot be asked about");
            }
            return Map.of();
        });
        ahead = ahead.plusDays(31);
        services.garbage.runByItself();
        assertThat(services.garbage.status().versions()).isEqualTo(2);
        assertThat(services.garbage.status().blobs()).isEqualTo(2);
        assertThat(services.garbage.status().failed()).isTrue();
        assertThat(catalog.<List<Notice>>write(tx -> tx.noticeQueue().take(10)))
                .extracting(Notice::event)
                .containsExactly(NotificationEvent.RETENTION_FAILED);
        services.garbage.runByItself();
        assertThat(services.garbage.status().versions()).isEqualTo(1);
        assertThat(services.garbage.status().failed()).isFalse();
    }

    @Test
    void blobs_that_nothing_names_are_removed_also_when_deleted_versions_cannot_be_looked_for() throws Exception {
        services.retentionRules.setOfModel(IRIS, new RetentionRule(4, false, Duration.ofDays(1), List.of()), ADA, "");
        assertThat(run()).hasSize(3);
        String draft = services.drafts.create(IRIS, ADA).draft().id();
        try (DraftUpload upload = services.drafts.upload(draft, FilePath.parse("g"))) {
            upload.write(ByteBuffer.wrap("never published".getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        ahead = ahead.plusDays(31);
        boolean[] purging = {true};
        InstantSource clock = () -> {
            if (purging[0]) {
                purging[0] = false;
                throw new IllegalStateException("the purge fails at once");
            }
            return Instant.now().plus(ahead);
        };
        Access everyone = new Access(Authorizer.EVERYONE);
        GarbageCollection collection = new GarbageCollection(
                everyone,
                catalog,
                blobs,
                () -> Instant.now().plus(ahead),
                Keeping.DEFAULT.grace(),
                services.housekeeping,
                RetentionParts.of(
                                everyone,
                                catalog,
                                clock,
                                Failpoints.NONE,
                                Keeping.DEFAULT.window(),
                                List.of(),
                                () -> {})
                        .purge());
        collection.runByItself();
        assertThat(purging[0]).isFalse();
        assertThat(collection.status().failed()).isTrue();
        assertThat(collection.status().blobs()).isEqualTo(1);
    }

    @Test
    void what_became_needed_after_its_deletion_keeps_its_bytes() throws Exception {
        services.retentionRules.setOfModel(IRIS, new RetentionRule(4, false, Duration.ofDays(1), List.of()), ADA, "");
        assertThat(run()).containsExactly("1.2.0", "1.1.0", "1.0.0");
        hold("1.1.0");
        services.keepVersions((tx, model) -> Map.of(
                tx.versions()
                        .find(model, SemVer.parse("1.0.0"))
                        .orElseThrow()
                        .summary()
                        .id(),
                "a job"));
        ahead = ahead.plusDays(31);
        services.garbage.runByItself();
        assertThat(hasBytes("1.1.0")).isTrue();
        assertThat(hasBytes("1.0.0")).isTrue();
        assertThat(hasBytes("1.2.0")).isFalse();
        undelete("1.0.0");
    }

    @Test
    void what_a_card_names_as_its_base_stays_while_the_version_stays() throws Exception {
        ModelName tuned = ModelName.parse("team/tuned");
        publish(tuned, "1.0.0", "{\"base_version\":\"iris@1.1.0\"}");
        publish(IRIS, "2.0.0", "{\"base_version\":\"1.2.0\"}");
        publish(IRIS, "2.1.0", "{\"base_version\":{\"no\":\"version\"}}");
        ahead = ahead.plusDays(400);
        services.retentionRules.setOfModel(IRIS, new RetentionRule(2, false, Duration.ofDays(1), List.of()), ADA, "");
        assertThat(services.retention.preview(IRIS).plan().verdicts())
                .filteredOn(verdict -> verdict.reasons().stream().anyMatch(reason -> reason.why() == Why.PARENT))
                .extracting(verdict -> verdict.facts().version().toString())
                .containsExactly("1.2.0", "1.1.0");
        assertThat(run()).doesNotContain("1.1.0", "1.2.0").contains("1.0.0");
    }

    @Test
    void the_nearest_rule_wins_and_the_server_leaves_to_people_what_takes_most() {
        services.retentionRules.setOfServer(new RetentionRule(0, false, Duration.ZERO, List.of()), ADA, "");
        services.retentionRules.setOfNamespace(
                "DEFAULT", new RetentionRule(6, false, Duration.ofDays(1), List.of()), ADA, "");
        assertThat(services.retentionRounds.run()).isEqualTo(1);
        assertThat(services.retentionRounds.run()).isZero();
        services.retentionRules.removeOfNamespace("default", ADA, "");
        assertThat(services.retention.preview(IRIS).plan().deletions()).hasSize(5);
        assertThat(services.retentionRounds.run()).as("most versions go").isZero();
        assertThatThrownBy(() -> services.retention.run(IRIS, Optional.empty(), false, ADA, ""))
                .hasMessageContaining("5 of the 6");
        services.retentionRules.removeOfServer(ADA, "");
        assertThatThrownBy(() -> services.retention.run(IRIS, Optional.empty(), true, ADA, ""))
                .hasMessageContaining("No rule");
    }
}
