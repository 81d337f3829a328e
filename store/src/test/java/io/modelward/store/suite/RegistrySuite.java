package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Reach;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Encoded;
import io.modelward.core.model.AliasMove;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionDocuments;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.search.FilterParser;
import io.modelward.core.search.Found;
import io.modelward.core.search.OrderParser;
import io.modelward.core.search.Search;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRange;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with models' identities, with what changes of versions, and with searches for both. */
public abstract class RegistrySuite {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L);
    private static final Change CHANGE = new Change(TIME, "ada", false, "");
    private static final ModelName IRIS = ModelName.parse("iris");

    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private ModelId model(String name) {
        return catalog.write(
                tx -> tx.models().insert(ModelName.parse(name), "", TIME).id());
    }

    private void update(ModelId id, String name, Optional<Instant> deletedAt) {
        catalog.write(tx -> {
            RegisteredModel row = tx.models().find(id).orElseThrow();
            tx.models()
                    .update(new RegisteredModel(
                            id, ModelName.parse(name), "d", row.createdAt(), TIME, row.lastOrdinal(), deletedAt));
            return true;
        });
    }

    private long publish(ModelId model, String number, Optional<VersionOrigin> origin) {
        return catalog.write(tx -> {
            long ordinal = tx.models().takeOrdinal(model, TIME);
            long id = tx.versions().nextId();
            SemVer version = SemVer.parse(number);
            VersionSummary summary = new VersionSummary(
                    id,
                    new VersionRef(
                            model,
                            tx.models().find(model).orElseThrow().name(),
                            version,
                            Digest.of(number.getBytes(StandardCharsets.UTF_8))),
                    ordinal,
                    1,
                    CHANGE,
                    Encoded.object("{}", "card"),
                    Optional.empty());
            tx.versions()
                    .insert(
                            new PublishedVersion(summary, VersionDocuments.read("{}", "{}", "[]", "{}", "minor", "[]")),
                            List.of());
            tx.versionStates()
                    .insert(
                            model,
                            ordinal,
                            new VersionState(id, "", Stage.NONE, TIME.plusMillis(ordinal), Optional.empty()));
            origin.ifPresent(from -> tx.versionOrigins().insert(id, from));
            return id;
        });
    }

    private static VersionOrigin external(String source) {
        return new VersionOrigin(source, source, Optional.of("run-1"), Optional.empty(), Optional.empty(), true);
    }

    private void state(long version, Stage stage, Optional<Instant> deletedAt) {
        catalog.write(tx -> {
            tx.versionStates().update(new VersionState(version, "said", stage, TIME, deletedAt));
            return true;
        });
    }

    @Test
    void a_name_belongs_to_one_model_at_a_time_and_an_identity_to_one_for_ever() {
        ModelId first = model("iris");
        assertThatThrownBy(() -> model("IRIS")).isNotNull();
        update(first, "flower", Optional.empty());
        ModelId second = model("iris");
        update(second, "iris", Optional.of(TIME));
        ModelId third = model("iris");
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        catalog.read(tx -> {
            assertThat(tx.models().find(IRIS).orElseThrow().id()).isEqualTo(third);
            assertThat(tx.models().find(first).orElseThrow().name()).isEqualTo(ModelName.parse("flower"));
            assertThat(tx.models().find(second).orElseThrow().deletedAt()).contains(TIME);
            assertThat(tx.models().list("", 10)).extracting(RegisteredModel::id).containsExactly(first, third);
            return true;
        });
    }

    @Test
    void models_are_listed_by_their_last_change_page_by_page() {
        ModelId first = model("a");
        ModelId second = model("b");
        ModelId third = model("c");
        ModelId gone = model("d");
        update(gone, "d", Optional.of(TIME));
        catalog.write(tx -> {
            RegisteredModel row = tx.models().find(first).orElseThrow();
            tx.models().update(row.withUpdatedAt(row.updatedAt().plusSeconds(1)));
            return true;
        });
        List<ModelId> seen = new ArrayList<>();
        Instant changed = Instant.MAX;
        ModelId id = ModelId.UNKNOWN;
        for (int page = 0; page < 5; page++) {
            Instant from = changed;
            ModelId after = id;
            List<RegisteredModel> part = catalog.read(tx -> tx.models().listByChange(from, after, 1, Reach.EVERYTHING));
            if (part.isEmpty()) {
                break;
            }
            seen.add(part.getLast().id());
            changed = part.getLast().updatedAt();
            id = part.getLast().id();
        }
        assertThat(seen).containsExactly(first, third, second);
        List<RegisteredModel> nothing =
                catalog.read(tx -> tx.models().listByChange(Instant.MAX, ModelId.UNKNOWN, 9, Reach.NOTHING));
        assertThat(nothing).isEmpty();
    }

    @Test
    void a_deleted_version_is_found_by_what_refers_to_it_only() {
        ModelId iris = model("iris");
        publish(iris, "1.0.0", Optional.empty());
        long gone = publish(iris, "1.1.0", Optional.empty());
        state(gone, Stage.NONE, Optional.of(TIME));
        catalog.read(tx -> {
            PublishedVersion row =
                    tx.versions().find(iris, SemVer.parse("1.1.0")).orElseThrow();
            assertThat(row.active()).isFalse();
            assertThat(tx.versions().find(gone)).contains(row);
            assertThat(tx.versions().count(iris)).isEqualTo(1);
            assertThat(tx.versions().list(iris, "", 9)).hasSize(1);
            assertThat(tx.versions()
                            .highest(iris, version -> true)
                            .orElseThrow()
                            .summary()
                            .ordinal())
                    .isEqualTo(1);
            assertThat(tx.versions().highestNumber(iris))
                    .as("its number is taken")
                    .contains(SemVer.parse("1.1.0"));
            assertThat(tx.versions().findByDigest(iris, row.summary().digest())).isEmpty();
            return true;
        });
        catalog.write(tx -> {
            tx.versionStates().deleteAll(iris, TIME);
            return true;
        });
        assertThat(catalog.<Long>read(tx -> tx.versions().count(iris))).isZero();
    }

    @Test
    void the_highest_release_has_its_bytes_here_and_the_highest_number_may_be_of_another() {
        ModelId iris = model("iris");
        assertThat(highestNumber(iris)).isEmpty();
        publish(iris, "1.0.0", Optional.empty());
        publish(iris, "1.1.0", Optional.of(external("s3://b/x")));
        publish(iris, "1.10.0", Optional.empty());
        publish(iris, "1.11.0", Optional.of(external("s3://b/x")));
        publish(iris, "2.0.0-rc.1", Optional.empty());
        assertThat(highestNumber(iris)).contains(SemVer.parse("1.11.0"));
        assertThat(highestRelease(iris, Optional.empty())).isEqualTo("1.10.0");
        assertThat(highestRelease(iris, Optional.of(SemVer.parse("1.10.0")))).isEqualTo("1.0.0");
    }

    private Optional<SemVer> highestNumber(ModelId model) {
        return catalog.read(tx -> tx.versions().highestNumber(model));
    }

    private String highestRelease(ModelId model, Optional<SemVer> below) {
        return catalog.read(tx -> tx.versions()
                .highestRelease(model, below)
                .orElseThrow()
                .summary()
                .version()
                .toString());
    }

    @Test
    void states_tags_and_origins_are_read_back() {
        ModelId iris = model("iris");
        long first = publish(iris, "1.0.0", Optional.of(external("s3://b/x")));
        long second = publish(iris, "1.1.0", Optional.empty());
        state(second, Stage.PRODUCTION, Optional.empty());
        catalog.write(tx -> {
            tx.versionTags().set(first, new KeyValue("b", "1"));
            tx.versionTags().set(first, new KeyValue("a", "2"));
            tx.versionTags().set(first, new KeyValue("b", "3"));
            assertThat(tx.versionTags().delete(first, "c")).isFalse();
            tx.modelTags().set(iris.value(), new KeyValue("m", "1"));
            assertThat(tx.modelTags().delete(iris.value(), "m")).isTrue();
            return true;
        });
        catalog.read(tx -> {
            assertThat(tx.versionTags().of(List.of(first, second)))
                    .containsExactly(
                            java.util.Map.entry(first, List.of(new KeyValue("a", "2"), new KeyValue("b", "3"))));
            assertThat(tx.versionOrigins().find(first)).contains(external("s3://b/x"));
            assertThat(tx.versionOrigins().find(second)).isEmpty();
            assertThat(tx.versionStates().inStage(iris, Stage.PRODUCTION, 5)).containsExactly(2L);
            assertThat(tx.versionStates().get(second).description()).isEqualTo("said");
            return true;
        });
    }

    @Test
    void versions_are_searched_by_number_alias_stage_and_tag() {
        ModelId iris = model("iris");
        for (String number : List.of("1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0", "2.0.0-beta", "2.0.0")) {
            publish(iris, number, Optional.of(external("s3://b/" + number)));
        }
        publish(model("team/iris"), "1.0.0", Optional.empty());
        catalog.write(tx -> {
            tx.aliases().insert(new AliasMove(iris, "champion", 1, OptionalLong.of(2), CHANGE));
            tx.aliases().insert(new AliasMove(iris, "old", 1, OptionalLong.of(2), CHANGE));
            tx.versionTags()
                    .set(
                            tx.versions()
                                    .findByOrdinal(iris, 4)
                                    .orElseThrow()
                                    .summary()
                                    .id(),
                            new KeyValue("k", "v"));
            return true;
        });
        assertThat(found("alias = 'champion'")).containsExactly(2L);
        assertThat(found("alias != 'champion'")).containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(found("alias NOT IN ('champion', 'x') AND version_number < 4"))
                .containsExactly(1L, 3L);
        assertThat(found("tags.k = 'v'")).containsExactly(4L);
        assertThat(found("tags.k != 'w'"))
                .as("a tag that is not set passes no test")
                .containsExactly(4L);
        assertThat(found("tags.`mlflow.prompt.is_prompt` != 'true'")).hasSize(6);
        assertThat(found("run_id IN ('run-1', 'x') AND source_path LIKE '%2.0%'"))
                .containsExactly(3L, 4L, 5L, 6L);
        assertThat(found("current_stage = 'None' AND status = 'READY' AND user_id = 'ada'"))
                .hasSize(6);
        assertThat(found("semver < '1.2.0'")).containsExactly(1L, 2L, 3L);
        assertThat(found("semver != '1.2.0' AND semver >= '1.1.0'")).containsExactly(2L, 3L, 5L, 6L);
    }

    @Test
    void a_range_finds_what_it_contains() {
        ModelId iris = model("iris");
        List<String> numbers =
                List.of("0.9.0", "1.0.0-a", "1.0.0", "1.2.0-rc.1", "1.2.0-rc.2", "1.2.0", "1.3.0-rc.1", "2.0.0");
        numbers.forEach(number -> publish(iris, number, Optional.empty()));
        for (String range :
                List.of("^1", "~1.2.0", ">=1.2.0-rc.2 <2", "1.x", "*", "<1", "1.0.0 - 1.2.0", "^1.3.0-rc.0 || <0.10")) {
            List<Long> expected = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i++) {
                if (VersionRange.parse(range).contains(SemVer.parse(numbers.get(i)))) {
                    expected.add(i + 1L);
                }
            }
            assertThat(found("semver = '" + range + "'")).as(range).isEqualTo(expected);
        }
    }

    @Test
    void pages_of_every_order_join_to_the_whole() {
        ModelId iris = model("iris");
        for (int i = 0; i < 7; i++) {
            publish(iris, "1." + i + ".0", i % 2 == 0 ? Optional.of(external("s3://b/" + i)) : Optional.empty());
        }
        for (String order : List.of(
                "version_number ASC",
                "version_number DESC",
                "semver DESC",
                "run_id ASC",
                "last_updated_timestamp DESC",
                "metrics.x DESC",
                "params.p ASC",
                "tags.t DESC")) {
            List<SortOrder> terms = new ArrayList<>(OrderParser.parse(List.of(order), Vocabulary.VERSIONS));
            if (!order.startsWith("version_number")) {
                terms.addAll(OrderParser.parse(List.of("version_number"), Vocabulary.VERSIONS));
            }
            List<Long> whole = page(terms, Optional.empty(), 100).items().stream()
                    .map(row -> row.summary().ordinal())
                    .toList();
            assertThat(whole).as(order).hasSize(7).doesNotHaveDuplicates();
            List<Long> joined = new ArrayList<>();
            Optional<io.modelward.core.search.Cursor> after = Optional.empty();
            do {
                Found<PublishedVersion> page = page(terms, after, 2);
                page.items().forEach(row -> joined.add(row.summary().ordinal()));
                after = page.next();
            } while (after.isPresent());
            assertThat(joined).as(order).isEqualTo(whole);
        }
    }

    private Found<PublishedVersion> page(
            List<SortOrder> order, Optional<io.modelward.core.search.Cursor> after, int size) {
        return catalog.read(tx ->
                tx.versions().search(new Search(List.of(), Search.View.ACTIVE_ONLY, List.of(), order, after, size)));
    }

    private List<Long> found(String filter) {
        return catalog.read((CatalogTransaction tx) -> tx
                .versions()
                .search(new Search(
                        List.of(),
                        Search.View.ACTIVE_ONLY,
                        FilterParser.parse(filter, Vocabulary.VERSIONS),
                        OrderParser.parse(List.of("version_number"), Vocabulary.VERSIONS),
                        Optional.empty(),
                        100))
                .items()
                .stream()
                .map(row -> row.summary().ordinal())
                .toList());
    }

    @Test
    void models_are_searched_in_the_namespace_that_clients_know() {
        model("iris");
        ModelId wine = model("wine");
        model("team/wine");
        catalog.write(tx -> {
            tx.modelTags().set(wine.value(), new KeyValue("mlflow.prompt.is_prompt", "true"));
            return true;
        });
        assertThat(models("name LIKE '%i%'")).containsExactly("iris", "wine");
        assertThat(models("tags.`mlflow.prompt.is_prompt` != 'true'")).containsExactly("iris");
        assertThat(models("tags.`mlflow.prompt.is_prompt` = 'true'")).containsExactly("wine");
    }

    private List<String> models(String filter) {
        return catalog.read((CatalogTransaction tx) -> tx
                .models()
                .search(new Search(
                        List.of(),
                        Search.View.ACTIVE_ONLY,
                        FilterParser.parse(filter, Vocabulary.MODELS),
                        OrderParser.parse(List.of("name"), Vocabulary.MODELS),
                        Optional.empty(),
                        100))
                .items()
                .stream()
                .map(row -> row.name().name())
                .toList());
    }
}
