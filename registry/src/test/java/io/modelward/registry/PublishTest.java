package io.modelward.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.Bump;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.PublishRequest.Number;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.publish.TrainingRuns;
import io.modelward.registry.version.VersionService;
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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final ModelName IRIS = ModelName.parse("iris");
    private static final Actor ADA = new Actor("ada", false);
    private static final String FOUR = input("\"type\":\"number\"", 4);

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private DraftService drafts;
    private Publisher publisher;
    private VersionService versions;
    private AliasService aliases;

    @BeforeEach
    void open() throws IOException {
        InstantSource clock = () -> now;
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        drafts = new DraftService(EVERYONE, catalog, blobs, clock, new java.util.Random(1));
        publisher = new Publisher(EVERYONE, catalog, blobs, clock, Failpoints.NONE);
        versions = new VersionService(EVERYONE, catalog, blobs);
        aliases = new AliasService(EVERYONE, catalog, clock, Failpoints.NONE);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static String input(String item, int length) {
        return "{\"input_schema\":{\"type\":\"array\",\"items\":{" + item + "},\"minItems\":" + length
                + ",\"maxItems\":" + length + "}}";
    }

    private String draft(String content) {
        return draft(IRIS, content);
    }

    private String draft(ModelName model, String content) {
        String id = drafts.create(model, ADA).draft().id();
        put(id, "model.joblib", content);
        return id;
    }

    private void put(String draft, String path, String content) {
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse(path))) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Publisher.Published publish(String content, Number number, String card) {
        return publisher.publish(
                draft(content), new PublishRequest(number, Json.parse(card, "card"), "because", ""), ADA);
    }

    private static Number exact(String version) {
        return new Number.Exact(SemVer.parse(version));
    }

    private static Number next(Bump bump) {
        return new Number.Next(Optional.ofNullable(bump));
    }

    private static String version(Publisher.Published published) {
        return published.version().summary().version().toString();
    }

    private static Problem problem(Runnable action) {
        try {
            action.run();
        } catch (ProblemException problem) {
            return problem.problem();
        }
        throw new AssertionError("it was allowed");
    }

    @Test
    void documents_beside_a_model_whose_trees_find_no_memory_are_refused_and_nothing_is_held_after() {
        MemoryShare little = new MemoryBudget(words -> {}).share("documents", 2 << 20);
        Publisher bounded = new Publisher(
                EVERYONE, catalog, blobs, () -> now, Failpoints.NONE, Inspector.NONE, little, TrainingRuns.NONE);
        for (String name : List.of("sample.json", "signature.json", "environment.json")) {
            String draft = draft("a model with " + name);
            put(draft, ".modelward/" + name, "{\"instances\":[{}" + ",{}".repeat(200_000) + "]}");
            PublishRequest request = new PublishRequest(exact("9.0.0"), Json.parse(FOUR, "card"), "because", "");
            assertThat(problem(() -> bounded.publish(draft, request, ADA)).type())
                    .as(name)
                    .isEqualTo(ProblemType.TOO_LARGE);
            assertThat(little.used()).isZero();
        }
        assertThat(problem(() -> versions.version(IRIS, Selector.parse("9.0.0")))
                        .type())
                .isEqualTo(ProblemType.NOT_FOUND);
    }

    @Test
    void the_same_bytes_and_card_again_are_the_same_version() {
        Publisher.Published first = publish("a", exact("1.0.0"), FOUR);
        Publisher.Published again = publish("a", exact("1.0.0"), FOUR);
        assertThat(first.created()).isTrue();
        assertThat(again.created()).isFalse();
        assertThat(again.version()).isEqualTo(first.version());
        assertThat(publish("a", next(null), FOUR).version()).isEqualTo(first.version());
    }

    @Test
    void publishing_a_draft_again_is_the_same_answer() {
        String draft = draft("a");
        PublishRequest request = new PublishRequest(exact("1.0.0"), Json.parse(FOUR, "card"), "", "");
        Publisher.Published first = publisher.publish(draft, request, ADA);
        assertThat(publisher.publish(draft, request, ADA).version()).isEqualTo(first.version());
        assertThat(problem(() -> put(draft, "late.txt", "x")).type()).isEqualTo(ProblemType.CONFLICT);
    }

    @Test
    void a_number_is_never_given_to_other_content_nor_with_other_build_metadata() {
        publish("a", exact("1.0.0"), FOUR);
        for (String version : new String[] {"1.0.0", "1.0.0+other"}) {
            Problem taken = problem(() -> publish("b", exact(version), FOUR));
            assertThat(taken.type()).isEqualTo(ProblemType.CONFLICT);
            assertThat(taken.extra()).containsKey("current");
        }
        Problem otherCard = problem(() ->
                publish("a", exact("1.0.0"), input("\"type\":\"number\"", 4).replace("}}", "},\"x\":1}")));
        assertThat(otherCard.type()).isEqualTo(ProblemType.CONFLICT);
    }

    @Test
    void a_breaking_change_needs_a_major_and_says_what_breaks() {
        publish("a", exact("1.0.0"), FOUR);
        publish("b", exact("1.1.0"), FOUR);
        Problem refused = problem(() -> publish("c", exact("1.2.0"), input("\"type\":\"number\"", 3)));
        assertThat(refused.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.extra()).containsEntry("least_version", "2.0.0").containsEntry("compared_with", "1.1.0");
        assertThat(refused.extra().get("breaking").toString()).contains("input_schema.length");
        assertThat(version(publish("c", exact("2.0.0"), input("\"type\":\"number\"", 3))))
                .isEqualTo("2.0.0");
    }

    @Test
    void a_pre_release_is_held_to_the_release_it_precedes() {
        publish("a", exact("1.0.0"), FOUR);
        assertThat(version(publish("b", exact("2.0.0-rc.1"), input("\"type\":\"number\"", 3))))
                .isEqualTo("2.0.0-rc.1");
        assertThat(problem(() -> publish("c", exact("1.1.0-rc.1"), input("\"type\":\"number\"", 3)))
                        .type())
                .isEqualTo(ProblemType.REFUSED);
        assertThat(version(publish("d", exact("1.0.1"), FOUR))).isEqualTo("1.0.1");
    }

    @Test
    void a_fix_of_an_old_line_is_compared_with_that_line() {
        publish("a", exact("1.0.0"), FOUR);
        publish("b", exact("2.0.0"), input("\"type\":\"number\"", 3));
        assertThat(version(publish("c", exact("1.0.1"), FOUR))).isEqualTo("1.0.1");
        assertThat(problem(() -> publish("d", exact("2.0.1"), FOUR)).extra()).containsEntry("least_version", "3.0.0");
    }

    @Test
    void a_bump_finds_the_number() {
        assertThat(version(publish("a", next(null), FOUR))).isEqualTo("1.0.0");
        assertThat(version(publish("b", next(null), FOUR))).isEqualTo("1.1.0");
        assertThat(version(publish("c", next(Bump.PATCH), FOUR))).isEqualTo("1.1.1");
        assertThat(version(publish("d", next(null), input("\"type\":\"number\"", 3))))
                .isEqualTo("2.0.0");
        assertThat(problem(() -> publish("e", next(Bump.MINOR), FOUR)).extra()).containsEntry("least_version", "3.0.0");
        assertThat(version(publish(
                        "f",
                        new Number.OfCard(),
                        "{\"version\":\"2.5.0\","
                                + input("\"type\":\"number\"", 3).substring(1))))
                .isEqualTo("2.5.0");
    }

    @Test
    void what_cannot_be_decided_counts_as_breaking_unless_someone_answers_for_it() {
        String old = input("\"type\":\"string\",\"pattern\":\"^a+$\"", 1);
        String fresh = input("\"type\":\"string\",\"pattern\":\"^[ab]+$\"", 1);
        publish("a", exact("1.0.0"), old);
        assertThat(problem(() -> publish("b", exact("1.1.0"), fresh)).extra()).containsEntry("least_version", "2.0.0");
        Publisher.Published answered = publisher.publish(
                draft("b"),
                new PublishRequest(exact("1.1.0"), Json.parse(fresh, "card"), "", "the new pattern is wider"),
                ADA);
        assertThat(answered.version().warnings())
                .anySatisfy(warning -> assertThat(warning).contains("the new pattern is wider"));
    }

    @Test
    void a_card_that_disagrees_with_the_version_is_refused() {
        Problem refused = problem(() -> publish("a", exact("1.0.0"), "{\"version\":\"1.0.1\"}"));
        assertThat(refused.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.field())
                .hasValueSatisfying(field -> assertThat(field).contains("version"));
    }

    @Test
    void the_card_is_kept_as_sent_and_shown_completed() {
        Publisher.Published published = publish("a", exact("1.0.0"), FOUR);
        assertThat(published.version().card()).isEqualTo(Json.parse(FOUR, "card"));
        assertThat(published.version().shownCard().path("version").asString()).isEqualTo("1.0.0");
        assertThat(published.version().missing()).contains("limitations");
    }

    @Test
    void content_of_a_refused_publish_is_not_reachable_and_is_swept_after_a_day() throws IOException {
        publish("a", exact("1.0.0"), FOUR);
        String lost = draft("secret content");
        now = now.plusSeconds(25 * 3600);
        assertThatThrownBy(() -> drafts.get(lost)).isInstanceOf(ProblemException.class);
        new Housekeeping(catalog, blobs, () -> Instant.now().plusSeconds(25 * 3600)).run();
        try (var left = blobs.list(Instant.now().plusSeconds(60))) {
            assertThat(left).hasSize(1);
        }
        assertThat(versions.version(IRIS, new Selector.Latest())
                        .published()
                        .summary()
                        .version()
                        .toString())
                .isEqualTo("1.0.0");
    }

    @Test
    void names_that_differ_only_in_case_do_not_live_side_by_side() {
        draft("a");
        assertThat(problem(() -> draft(ModelName.parse("IRIS"), "b")).type()).isEqualTo(ProblemType.CONFLICT);
    }

    @Test
    void an_alias_moves_by_compare_and_set_and_keeps_its_history() {
        publish("a", exact("1.0.0"), FOUR);
        publish("b", exact("1.1.0"), FOUR);
        AliasName champion = AliasName.parse("champion");
        Selector first = Selector.parse("1.0.0");
        Selector second = Selector.parse("1.1.0");
        aliases.set(IRIS, champion, first, new Expectation.Absent(), ADA, "start");
        Problem stale = problem(() -> aliases.set(IRIS, champion, second, new Expectation.Sequence(7), ADA, ""));
        assertThat(stale.type()).isEqualTo(ProblemType.PRECONDITION_FAILED);
        assertThat(stale.extra().get("current").toString()).contains("1.0.0").contains("\"1\"");
        AliasService.AliasView moved = aliases.set(IRIS, champion, second, new Expectation.Sequence(1), ADA, "better");
        assertThat(moved.history()).hasSize(2);
        assertThat(aliases.set(IRIS, champion, second, new Expectation.Any(), ADA, "again")
                        .history())
                .hasSize(2);
        aliases.delete(IRIS, champion, new Expectation.Any(), ADA, "");
        assertThat(problem(() -> aliases.get(IRIS, champion)).type()).isEqualTo(ProblemType.NOT_FOUND);
        assertThat(aliases.set(IRIS, champion, first, new Expectation.Absent(), ADA, "")
                        .history())
                .hasSize(4);
    }
}
