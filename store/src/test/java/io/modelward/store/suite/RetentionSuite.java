package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.draft.Draft;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.Reproduction;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.json.Encoded;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionDocuments;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.KeptTag;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.RetentionTables;
import io.modelward.store.catalog.RetentionTables.Reference;
import io.modelward.store.catalog.RetentionTables.Use;
import io.modelward.store.catalog.sql.SqlTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with rules of retention, holds, references to versions and tombstones. */
public abstract class RetentionSuite {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 123_456_000);
    private static final Change CHANGE = new Change(TIME, "ada", true, "because");
    private static final RetentionRule RULE =
            new RetentionRule(3, true, Duration.ofHours(36), List.of(KeptTag.parse("keep=ja ✓"), KeptTag.parse("k")));

    protected abstract Catalog open();

    private Catalog catalog;
    private ModelId iris;

    @BeforeEach
    void start() {
        catalog = open();
        iris = model("iris");
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private <T> List<T> list(Function<CatalogTransaction, List<T>> unit) {
        return catalog.read(unit);
    }

    private <K, V> Map<K, V> map(Function<CatalogTransaction, Map<K, V>> unit) {
        return catalog.read(unit);
    }

    private <T> Optional<T> maybe(Function<CatalogTransaction, Optional<T>> unit) {
        return catalog.read(unit);
    }

    private boolean is(Function<CatalogTransaction, Boolean> unit) {
        return catalog.read(unit);
    }

    private Blobs.Total freeable(Instant before, Instant due) {
        return catalog.read(tx -> tx.blobs().freeable(before, due));
    }

    private ModelId model(String name) {
        return catalog.write(
                tx -> tx.models().insert(ModelName.parse(name), "", TIME).id());
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static VersionRef ref(ModelId model, String number) {
        return new VersionRef(model, ModelName.parse("iris"), SemVer.parse(number), digest(number));
    }

    private static FileEntry file(String content) {
        return new FileEntry(FilePath.parse("f-" + content), content.length(), digest(content));
    }

    private long publish(ModelId model, String number, List<FileEntry> files, Optional<VersionOrigin> origin) {
        return catalog.write(tx -> {
            long ordinal = tx.models().takeOrdinal(model, TIME);
            long id = tx.versions().nextId();
            VersionSummary summary = new VersionSummary(
                    id, ref(model, number), ordinal, 10, CHANGE, Encoded.object("{}", "card"), Optional.empty());
            tx.versions()
                    .insert(
                            new PublishedVersion(summary, VersionDocuments.read("{}", "{}", "[]", "{}", "minor", "[]")),
                            files);
            tx.versionStates().insert(model, ordinal, new VersionState(id, "", Stage.NONE, TIME, Optional.empty()));
            origin.ifPresent(from -> tx.versionOrigins().insert(id, from));
            files.forEach(file -> tx.blobs().store(file.sha256(), file.size(), TIME));
            return id;
        });
    }

    private long publish(String number) {
        return publish(iris, number, List.of(), Optional.empty());
    }

    private void delete(long version, boolean tombstone) {
        catalog.write(tx -> {
            tx.versionStates().update(tx.versionStates().get(version).deleted(TIME));
            if (tombstone) {
                tx.retention()
                        .insertTombstone(new Tombstone(
                                version, RetentionScope.SERVER, RULE, CHANGE, TIME.plusSeconds(9), Optional.empty()));
            }
            return true;
        });
    }

    @Test
    void a_rule_is_read_back_as_it_was_set_and_the_last_one_of_a_scope_counts() {
        KeptRule ofModel = new KeptRule(new RetentionScope.OfModel(iris), RULE, CHANGE);
        RetentionRule other = new RetentionRule(0, false, Duration.ZERO, List.of());
        KeptRule ofNamespace = new KeptRule(RetentionScope.Namespace.parse("Team"), other, CHANGE);
        assertThat(is(tx -> tx.retention().anyRule())).isFalse();
        catalog.write(tx -> {
            tx.retention().putRule(new KeptRule(ofModel.scope(), other, CHANGE));
            tx.retention().putRule(ofModel);
            tx.retention().putRule(ofNamespace);
            return true;
        });
        assertThat(list(tx -> tx.retention().rules(9))).containsExactly(ofModel, ofNamespace);
        assertThat(maybe(tx -> tx.retention().rule(RetentionScope.Namespace.parse("tEAM"))))
                .contains(ofNamespace);
        assertThat(maybe(tx -> tx.retention().rule(RetentionScope.SERVER))).isEmpty();
        assertThat(catalog.<Boolean>write(tx -> tx.retention().deleteRule(ofModel.scope())))
                .isTrue();
        assertThat(catalog.<Boolean>write(tx -> tx.retention().deleteRule(ofModel.scope())))
                .isFalse();
        assertThat(is(tx -> tx.retention().anyRule())).isTrue();
    }

    @Test
    void holds_are_kept_until_they_are_released_also_of_deleted_versions() {
        long first = publish("1.0.0");
        long second = publish("1.1.0");
        catalog.write(tx -> {
            tx.retention().hold(first, CHANGE);
            return true;
        });
        delete(first, false);
        assertThat(map(tx -> tx.retention().holds(List.of(first, second)))).isEqualTo(Map.of(first, CHANGE));
        assertThat(list(tx -> tx.retention().held(iris))).containsExactly(first);
        assertThat(list(tx -> tx.retention().versions(iris)))
                .extracting(version -> version.version().toString())
                .containsExactly("1.1.0");
        assertThat(catalog.<Boolean>write(tx -> tx.retention().release(first))).isTrue();
        assertThat(catalog.<Boolean>write(tx -> tx.retention().release(first))).isFalse();
    }

    @Test
    void whatever_an_endpoint_ever_referred_to_is_found_also_of_deleted_endpoints_and_rows_without_ids() {
        long live = publish("1.0.0");
        long shadow = publish("1.1.0");
        long unnamed = publish("1.2.0");
        long candidate = publish("1.3.0");
        long active = publish("1.4.0");
        long quarantined = publish("1.5.0");
        publish("1.6.0");
        ModelId other = model("other");
        publish(other, "1.6.0", List.of(), Optional.empty());
        catalog.write(tx -> {
            tx.routes().insertEndpoint("e", TIME);
            tx.routes().insertEndpoint("f", TIME);
            String arms =
                    "[" + arm(ref(iris, "1.0.0"), "active", 10_000) + "," + arm(ref(iris, "1.1.0"), "shadow", 0) + "]";
            revision(tx, "e", 1, arms);
            revision(tx, "e", 2, arms);
            // An earlier release wrote no id, and the model may have had another name.
            String old = arm(ref(iris, "1.2.0"), "active", 10_000).replaceFirst("\"model_id\":[0-9]+,", "");
            revision(tx, "f", 1, "[" + old + "]");
            revision(tx, "f", 2, "[" + arm(ref(other, "1.6.0"), "active", 10_000) + "]");
            tx.rollouts()
                    .insert(
                            new Rollout(
                                    "r1",
                                    "e",
                                    ref(iris, "1.3.0"),
                                    ref(iris, "1.4.0"),
                                    PlanReader.read(Json.object()),
                                    RolloutProgress.first(RolloutState.CANCELLED, "")),
                            Optional.empty(),
                            "{}",
                            CHANGE);
            tx.rollouts()
                    .quarantine(new Quarantine(
                            "f", digest("1.5.0"), "r1", ModelName.parse("iris"), SemVer.parse("1.5.0"), TIME, "why"));
            tx.rollouts().release("f", digest("1.5.0"), TIME);
            return true;
        });
        assertThat(list(tx -> tx.retention().references(iris)))
                .containsExactlyInAnyOrder(
                        new Reference(live, Use.ROUTE, "e"),
                        new Reference(shadow, Use.ROUTE, "e"),
                        new Reference(unnamed, Use.ROUTE, "f"),
                        new Reference(candidate, Use.ROLLOUT, "e"),
                        new Reference(active, Use.ROLLOUT, "e"),
                        new Reference(quarantined, Use.QUARANTINE, "f"));
    }

    private static String arm(VersionRef ref, String role, int weight) {
        return Json.write(ref.toJson().put("weight", weight).put("role", role));
    }

    private static void revision(CatalogTransaction tx, String endpoint, long number, String arms) {
        tx.routes()
                .insertRevision(
                        RouteRevision.read(endpoint, number, "flip", arms, "{}", false, Optional.empty(), CHANGE));
    }

    @Test
    void parents_drafts_and_runs_under_way_are_found_while_they_count() {
        long base = publish(iris, "1.0.0", List.of(file("base")), Optional.empty());
        long draft = publish(iris, "1.1.0", List.of(file("shared")), Optional.empty());
        long ofRun = publish(
                iris,
                "1.2.0",
                List.of(),
                Optional.of(new VersionOrigin(
                        "runs:/r1/m", "runs:/r1/m", Optional.of("r1"), Optional.empty(), Optional.empty(), true)));
        ModelId tuned = model("tuned");
        long child = publish(tuned, "3.0.0", List.of(), Optional.empty());
        long sibling = publish("1.3.0");
        catalog.write(tx -> {
            tx.retention().insertParent(child, base);
            tx.retention().insertParent(child, base);
            tx.retention().insertParent(sibling, base);
            tx.drafts().insert(new Draft("d", iris, TIME, TIME.plusSeconds(60), "ada", OptionalLong.empty()));
            tx.drafts().putFile("d", file("shared"));
            ((SqlTransaction) tx)
                    .handle()
                    .execute("INSERT INTO runs (run, experiment, name, user_id, status, start_time, artifact_uri,"
                            + " active) VALUES ('r1', 0, 'n', 'u', 'RUNNING', 1, 'a', 1)");
            return true;
        });
        assertThat(map(tx -> tx.retention().parents(List.of(sibling, child, draft))))
                .isEqualTo(Map.of(sibling, List.of(base), child, List.of(base)));
        assertThat(map(tx -> tx.retention().childrenElsewhere(iris)))
                .isEqualTo(Map.of(base, List.of("default/tuned@3.0.0")));
        assertThat(list(tx -> tx.retention().ofOpenDrafts(iris, TIME))).containsExactly(draft);
        assertThat(list(tx -> tx.retention().ofOpenDrafts(iris, TIME.plusSeconds(61))))
                .isEmpty();
        assertThat(map(tx -> tx.retention().ofOpenRuns(iris))).isEqualTo(Map.of(ofRun, List.of("r1")));
        // A run that makes a version once more compares with the version at its end.
        JobRun again = new JobRun(
                "again",
                1,
                JobName.parse("weekly"),
                iris.value(),
                JobPlanReader.read(Json.parse(
                        "{\"model\":\"iris\",\"command\":[\"x\"],\"code\":{\"archive\":\"" + Digest.of(new byte[1])
                                + "\",\"size\":1}}",
                        "plan")),
                JobTrigger.REPRODUCE,
                TIME,
                new Change(TIME, "ada", false, ""),
                JobRun.Progress.QUEUED);
        catalog.write(tx -> {
            tx.jobs().insertRun(again);
            tx.reproductions().insert(new Reproduction("again", base, 0, Optional.empty()));
            tx.jobs().published(new TrainedVersion(sibling, "again", OptionalLong.empty(), false, false, List.of()));
            return true;
        });
        assertThat(list(tx -> tx.retention().versions(iris)))
                .filteredOn(RetentionTables.Kept::again)
                .extracting(RetentionTables.Kept::id)
                .containsExactly(sibling);
        assertThat(catalog.<Optional<Long>>read(tx -> tx.versionStates().newestIn(iris, Stage.NONE)))
                .as("the newest was made to reproduce another")
                .isNotEqualTo(Optional.of(catalog.<Long>read(tx ->
                        tx.versions().find(sibling).orElseThrow().summary().ordinal())));
        assertThat(map(tx -> tx.retention().ofOpenRuns(iris)))
                .isEqualTo(Map.of(ofRun, List.of("r1"), base, List.of("again")));
        catalog.write(tx -> tx.jobs()
                .updateRun(
                        again.with(again.progress().endedAs(JobRunState.SKIPPED, OptionalInt.empty(), "", TIME)),
                        JobRunState.QUEUED));
        assertThat(map(tx -> tx.retention().ofOpenRuns(iris))).isEqualTo(Map.of(ofRun, List.of("r1")));
        delete(child, true);
        assertThat(map(tx -> tx.retention().childrenElsewhere(iris))).isEmpty();
        assertThat(is(tx -> tx.retention().isParent(base))).isTrue();
        delete(sibling, true);
        assertThat(is(tx -> tx.retention().isParent(base))).isFalse();
        catalog.write(tx -> ((SqlTransaction) tx).handle().execute("UPDATE runs SET status = 'FINISHED'"));
        assertThat(map(tx -> tx.retention().ofOpenRuns(iris))).isEmpty();
        catalog.write(tx -> {
            tx.drafts().markPublished("d", 1);
            return true;
        });
        assertThat(list(tx -> tx.retention().ofOpenDrafts(iris, TIME))).isEmpty();
    }

    @Test
    void a_purged_version_names_its_blobs_no_more_and_does_not_come_back_with_its_model() {
        long gone = publish(iris, "1.0.0", List.of(file("own"), file("shared")), Optional.empty());
        long stays = publish(iris, "1.1.0", List.of(file("shared")), Optional.empty());
        delete(gone, true);
        assertThat(list(tx -> tx.retention().due(TIME.plusSeconds(8), 0, 9))).isEmpty();
        assertThat(list(tx -> tx.retention().due(TIME.plusSeconds(9), 0, 9)))
                .extracting(Tombstone::version)
                .containsExactly(gone);
        Instant later = TIME.plusSeconds(100);
        assertThat(freeable(later, TIME.plusSeconds(8))).isEqualTo(new Blobs.Total(0, 0));
        assertThat(freeable(later, TIME.plusSeconds(9))).isEqualTo(new Blobs.Total(1, "own".length()));
        catalog.write(tx -> {
            tx.retention().purge(gone, later);
            // Without a tombstone nothing is purged.
            tx.retention().purge(stays, later);
            return true;
        });
        assertThat(list(tx -> tx.blobs().unnamed(later, 9))).containsExactly(digest("own"));
        assertThat(maybe(tx -> tx.retention().tombstone(gone)).orElseThrow().purgedAt())
                .contains(later);
        assertThat(maybe(tx -> tx.retention().tombstone(gone)).orElseThrow().rule())
                .isEqualTo(RULE);
        assertThat(is(tx -> tx.retention().countDue(later) == 0)).isTrue();
        assertThat(maybe(tx -> tx.versions().file(stays, "f-shared"))).isPresent();
        catalog.write(tx -> {
            tx.versionStates().deleteAll(iris, TIME);
            tx.versionStates().restoreAll(iris, TIME, later);
            return true;
        });
        assertThat(list(tx -> tx.retention().versions(iris)))
                .extracting(version -> version.id())
                .containsExactly(stays);
        assertThat(list(tx -> tx.retention().tombstones(iris, 9)))
                .extracting(Tombstone::version)
                .containsExactly(gone);
    }
}
