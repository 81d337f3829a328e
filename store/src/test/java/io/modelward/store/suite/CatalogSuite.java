package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.draft.Draft;
import io.modelward.core.json.Encoded;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionDocuments;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does. */
public abstract class CatalogSuite {

    private static final ModelName IRIS = ModelName.parse("iris");
    private static final ModelId ID = new ModelId(1);
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 123_456_000);
    private static final Change CHANGE = new Change(TIME, "ada", false, "because");

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    protected Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private void reopen() {
        catalog.close();
        catalog = open();
    }

    private List<SemVer> numbers() {
        return catalog.read(tx -> tx.versions().list(ID, "", 10_000).stream()
                .map(VersionSummary::version)
                .toList());
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static FileEntry file(String path) {
        return new FileEntry(FilePath.parse(path), 3, digest(path));
    }

    private static PublishedVersion row(String version, long ordinal) {
        return new PublishedVersion(
                new VersionSummary(
                        ordinal,
                        new VersionRef(ID, IRIS, SemVer.parse(version), digest(version)),
                        ordinal,
                        6,
                        CHANGE,
                        Encoded.object("{\"name\":\"iris\"}", "card"),
                        Optional.empty()),
                VersionDocuments.read("{\"manifest\":1}", "{ \"as\":  \"sent\" }", "[]", "{}", "minor", "[]"));
    }

    private void model() {
        catalog.write(tx -> {
            tx.models().insert(IRIS, "", TIME);
            return true;
        });
    }

    private long publish(CatalogTransaction tx, String version) {
        long ordinal = tx.models().takeOrdinal(ID, TIME);
        tx.versions().insert(row(version, ordinal), List.of(file("b"), file("a")));
        tx.versionStates().insert(ID, ordinal, new VersionState(ordinal, "", Stage.NONE, TIME, Optional.empty()));
        return ordinal;
    }

    @Test
    void a_version_is_read_back_as_it_was_written_also_after_a_restart() {
        model();
        catalog.write(tx -> publish(tx, "1.2.0"));
        reopen();
        catalog.read(tx -> {
            PublishedVersion expected = row("1.2.0", 1);
            assertThat(tx.versions().find(ID, SemVer.parse("1.2.0"))).contains(expected);
            assertThat(tx.versions().findByOrdinal(ID, 1)).contains(expected);
            assertThat(tx.versions().findByDigest(ID, digest("1.2.0"))).contains(expected);
            assertThat(tx.versions().file(1, "a")).contains(file("a"));
            assertThat(tx.versions().file(1, "c")).isEmpty();
            assertThat(tx.versions().refersTo(digest("a"))).isTrue();
            assertThat(tx.versions().refersTo(digest("c"))).isFalse();
            assertThat(tx.models().find(IRIS))
                    .contains(new RegisteredModel(ID, IRIS, "", TIME, TIME, 1, Optional.empty()));
            return true;
        });
    }

    @Test
    void versions_are_listed_in_semver_order_page_by_page() {
        model();
        List<String> inOrder =
                List.of("0.9.0", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0", "1.9.0", "1.10.0");
        List<String> shuffled =
                List.of("1.10.0", "1.0.0", "1.0.0-alpha.10", "0.9.0", "1.9.0", "1.0.0-alpha", "1.0.0-alpha.2");
        shuffled.forEach(version -> catalog.write(tx -> publish(tx, version)));
        List<String> seen = new ArrayList<>();
        String after = "";
        for (int page = 0; page < 10; page++) {
            String from = after;
            List<VersionSummary> part = catalog.read(tx -> tx.versions().list(ID, from, 2));
            if (part.isEmpty()) {
                break;
            }
            part.forEach(summary -> seen.add(summary.version().toString()));
            after = part.getLast().version().sortKey();
        }
        assertThat(seen).isEqualTo(inOrder);
        assertThat(numbers()).extracting(SemVer::toString).isEqualTo(inOrder);
    }

    @Test
    void versions_are_listed_from_the_highest_down_and_below_a_major_number() {
        model();
        List.of("1.10.0", "1.0.0", "0.9.0", "10.0.0", "2.0.0-rc.1", "2.1.0")
                .forEach(version -> catalog.write(tx -> publish(tx, version)));
        assertThat(down("", 9)).containsExactly("10.0.0", "2.1.0", "2.0.0-rc.1", "1.10.0", "1.0.0", "0.9.0");
        assertThat(down(SemVer.parse("2.1.0").sortKey(), 2)).containsExactly("2.0.0-rc.1", "1.10.0");
        assertThat(down(SemVer.parse("10.0.0").majorKey(), 1)).containsExactly("2.1.0");
        assertThat(down(SemVer.parse("2.1.0").majorKey(), 9)).containsExactly("1.10.0", "1.0.0", "0.9.0");
        assertThat(down(SemVer.parse("0.9.0").majorKey(), 9)).isEmpty();
    }

    private List<String> down(String below, int limit) {
        return catalog.read(tx -> tx.versions().listDown(ID, below, limit)).stream()
                .map(version -> version.version().toString())
                .toList();
    }

    @Test
    void a_number_is_taken_once_also_with_other_build_metadata() {
        model();
        catalog.write(tx -> publish(tx, "1.0.0"));
        assertThatThrownBy(() -> catalog.write(tx -> publish(tx, "1.0.0"))).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> catalog.write(tx -> publish(tx, "1.0.0+build")))
                .isInstanceOf(RuntimeException.class);
        assertThat(numbers()).hasSize(1);
    }

    @Test
    void a_unit_that_throws_leaves_nothing_and_takes_no_ordinal() {
        model();
        assertThatThrownBy(() -> catalog.write(tx -> {
                    publish(tx, "1.0.0");
                    tx.audit().append(CHANGE, "publish", "x", Json.object());
                    throw ProblemException.conflict("no");
                }))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no");
        catalog.read(tx -> {
            assertThat(tx.versions().count(ID)).isZero();
            assertThat(tx.audit().list(Long.MAX_VALUE, 10, "")).isEmpty();
            return true;
        });
        long ordinal = catalog.write(tx -> publish(tx, "1.0.0"));
        assertThat(ordinal).isEqualTo(1);
    }

    @Test
    void units_of_many_callers_are_serial_and_a_failing_one_harms_no_other() {
        model();
        Set<Long> ordinals = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(32)) {
            for (int i = 0; i < 300; i++) {
                int number = i;
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            if (number % 3 == 0) {
                                assertThatThrownBy(() -> catalog.write(tx -> {
                                            publish(tx, "1." + number + ".0");
                                            throw ProblemException.conflict("no");
                                        }))
                                        .isInstanceOf(ProblemException.class);
                            } else {
                                ordinals.add(catalog.write(tx -> publish(tx, "1." + number + ".0")));
                            }
                        },
                        threads));
            }
            callers.forEach(CompletableFuture::join);
        }
        assertThat(ordinals)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void a_reader_sees_one_snapshot() {
        model();
        catalog.read(tx -> {
            assertThat(tx.versions().count()).isZero();
            CompletableFuture.runAsync(() -> catalog.write(other -> publish(other, "1.0.0")))
                    .join();
            assertThat(tx.versions().count()).isZero();
            return true;
        });
        assertThat(numbers()).hasSize(1);
    }

    @Test
    void a_reader_cannot_write() {
        assertThatThrownBy(() -> catalog.read(tx -> {
                    tx.models().insert(IRIS, "", TIME);
                    return true;
                }))
                .isInstanceOf(RuntimeException.class);
        Optional<RegisteredModel> found = catalog.read(tx -> tx.models().find(IRIS));
        assertThat(found).isEmpty();
    }

    @Test
    void drafts_keep_their_files_until_they_are_published_or_deleted() {
        model();
        Draft row = new Draft("d1", ID, TIME, TIME.plusSeconds(60), "ada", OptionalLong.empty());
        catalog.write(tx -> {
            tx.drafts().insert(row);
            tx.drafts().putFile("d1", file("a"));
            tx.drafts().putFile("d1", file("b"));
            tx.drafts().putFile("d1", new FileEntry(FilePath.parse("a"), 9, digest("other")));
            return true;
        });
        catalog.read(tx -> {
            assertThat(tx.drafts().find("d1")).contains(row);
            assertThat(tx.drafts().files("d1"))
                    .containsExactly(new FileEntry(FilePath.parse("a"), 9, digest("other")), file("b"));
            assertThat(tx.versions().refersTo(digest("other"))).isTrue();
            assertThat(tx.drafts().expired(TIME.plusSeconds(61))).containsExactly("d1");
            assertThat(tx.drafts().expired(TIME)).isEmpty();
            return true;
        });
        catalog.write(tx -> {
            tx.drafts().markPublished("d1", 7);
            return true;
        });
        assertThat(catalog.read(tx -> tx.drafts().find("d1")).orElseThrow().published())
                .hasValue(7);
        List<FileEntry> files = catalog.read(tx -> tx.drafts().files("d1"));
        assertThat(files).isEmpty();
        catalog.write(tx -> {
            tx.drafts().delete("d1");
            return true;
        });
        Optional<Draft> gone = catalog.read(tx -> tx.drafts().find("d1"));
        assertThat(gone).isEmpty();
    }

    @Test
    void aliases_keep_every_move() {
        model();
        catalog.write(tx -> {
            publish(tx, "1.0.0");
            tx.aliases().insert(new AliasMove(ID, "champion", 1, OptionalLong.of(1), CHANGE));
            tx.aliases().insert(new AliasMove(ID, "champion", 2, OptionalLong.empty(), CHANGE));
            tx.aliases().insert(new AliasMove(ID, "other", 1, OptionalLong.of(1), CHANGE));
            return true;
        });
        catalog.read(tx -> {
            assertThat(tx.aliases().latest(ID, "champion").orElseThrow().ordinal())
                    .isEmpty();
            assertThat(tx.aliases().history(ID, "champion"))
                    .extracting(AliasMove::sequence)
                    .containsExactly(2L, 1L);
            assertThat(tx.aliases().list(ID)).extracting(ModelAlias::alias).containsExactly("other");
            return true;
        });
    }

    @Test
    void route_revisions_are_numbered_without_a_gap() {
        catalog.write(tx -> {
            tx.routes().insertEndpoint("iris", TIME);
            tx.routes().insertRevision(revision(1));
            tx.routes().insertRevision(revision(2));
            return true;
        });
        assertThatThrownBy(() -> catalog.write(tx -> {
                    tx.routes().insertRevision(revision(4));
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class);
        catalog.read(tx -> {
            Endpoint row = tx.routes().endpoint("iris").orElseThrow();
            assertThat(row.revision()).isEqualTo(2);
            assertThat(tx.routes().endpointByNumber(row.number())).contains(row);
            assertThat(tx.routes().revision("iris", 1)).contains(revision(1));
            assertThat(tx.routes().revisions("iris", Long.MAX_VALUE, 1)).containsExactly(revision(2));
            assertThat(tx.routes().allRevisions("iris")).containsExactly(revision(1), revision(2));
            return true;
        });
    }

    @Test
    void what_is_read_while_the_same_is_read_takes_nothing_from_it() {
        model();
        catalog.write(tx -> {
            publish(tx, "1.0.0");
            publish(tx, "1.1.0");
            return true;
        });
        List<String> pairs = catalog.read(tx -> {
            List<String> found = new ArrayList<>();
            tx.versions()
                    .forEach(outer ->
                            tx.versions().forEach(inner -> found.add(outer.version() + " " + inner.version())));
            return found;
        });
        assertThat(pairs).containsExactly("1.0.0 1.0.0", "1.0.0 1.1.0", "1.1.0 1.0.0", "1.1.0 1.1.0");
    }

    @Test
    void what_was_read_in_part_is_read_anew_and_holds_nothing_back() {
        model();
        catalog.write(tx -> {
            List.of("1.0.0", "1.1.0", "2.0.0").forEach(version -> publish(tx, version));
            return true;
        });
        for (int i = 0; i < 3; i++) {
            assertThat(highestOfMajorOne()).hasToString("1.1.0");
        }
        catalog.write(tx -> publish(tx, "1.2.0"));
        assertThat(highestOfMajorOne()).hasToString("1.2.0");
    }

    private SemVer highestOfMajorOne() {
        return catalog.read(tx ->
                        tx.versions().highest(ID, version -> version.toString().startsWith("1.")))
                .orElseThrow()
                .summary()
                .version();
    }

    private static RouteRevision revision(long number) {
        return RouteRevision.read("iris", number, "flip", "[]", "{}", number == 2, Optional.empty(), CHANGE);
    }

    @Test
    void audit_entries_are_numbered_and_read_back_as_written() {
        catalog.write(tx -> {
            tx.audit().append(CHANGE, "publish", "default/iris", Json.object().put("a", 1));
            tx.audit().append(CHANGE, "flip", "endpoint:iris", Json.object());
            return true;
        });
        catalog.read(tx -> {
            assertThat(tx.audit().list(Long.MAX_VALUE, 10, ""))
                    .containsExactly(
                            new AuditEntry(2, CHANGE, "flip", "endpoint:iris", Json.object()),
                            new AuditEntry(
                                    1,
                                    CHANGE,
                                    "publish",
                                    "default/iris",
                                    Json.object().put("a", 1)));
            assertThat(tx.audit().list(2, 10, "")).hasSize(1);
            assertThat(tx.audit().list(Long.MAX_VALUE, 10, "endpoint:iris")).hasSize(1);
            return true;
        });
    }
}
