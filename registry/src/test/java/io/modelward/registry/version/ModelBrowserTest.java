package io.modelward.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.publish.Registration;
import io.modelward.registry.publish.Registration.ModelNote;
import io.modelward.registry.publish.Registration.RegistrationSource;
import io.modelward.registry.version.ModelBrowser.ModelFilter;
import io.modelward.registry.version.ModelBrowser.ModelRow;
import io.modelward.registry.version.ModelBrowser.Order;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBrowserTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);
    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private ModelService models;
    private ModelBrowser browser;

    @BeforeEach
    void open() throws Exception {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        models = new ModelService(EVERYONE, catalog, () -> now, () -> {});
        browser = new ModelBrowser(EVERYONE, catalog);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void model(String name, String description, KeyValue... tags) {
        now = now.plusSeconds(1);
        models.create(ModelName.parse(name), description, List.of(tags), ADA);
    }

    private void publish(String model, int times) {
        for (int i = 0; i < times; i++) {
            now = now.plusSeconds(1);
            new Registrar(EVERYONE, catalog, blobs, Inspector.NONE, () -> now, Failpoints.NONE)
                    .register(
                            new Registration(
                                    ModelName.parse(model),
                                    "s3://b/m" + i,
                                    new RegistrationSource.Elsewhere("s3://b/m" + i),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    "",
                                    List.of(),
                                    ModelNote.NONE),
                            ADA);
        }
    }

    private static ModelFilter text(String text) {
        return new ModelFilter(text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), _ -> true);
    }

    private List<String> all(ModelFilter filter, Order order, int size) {
        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.empty();
        for (int page = 0; page < 50; page++) {
            Page<ModelRow> part = browser.models(filter, order, after, size);
            part.items().forEach(row -> names.add(row.model().name().name()));
            assertThat(part.items()).hasSizeLessThanOrEqualTo(size);
            if (part.next().isEmpty()) {
                return names;
            }
            after = part.next();
        }
        throw new AssertionError("the pages do not end");
    }

    @Test
    void every_model_is_in_one_page_by_name_and_by_change() {
        for (String name : List.of("d", "a", "c", "b", "e")) {
            model(name, "");
        }
        for (int size = 1; size < 7; size++) {
            assertThat(all(ModelFilter.ALL, Order.NAME, size)).containsExactly("a", "b", "c", "d", "e");
            assertThat(all(ModelFilter.ALL, Order.CHANGE, size)).containsExactly("e", "b", "c", "a", "d");
        }
    }

    @Test
    void each_filter_narrows_the_list() {
        model("iris", "flowers", new KeyValue("team", "blue"));
        model("wine", "from FLOWERS of the vine", new KeyValue("team", "red"));
        model("cars", "");
        publish("iris", 1);
        new AliasService(EVERYONE, catalog, () -> now, Failpoints.NONE)
                .set(
                        ModelName.parse("iris"),
                        AliasName.parse("champion"),
                        new Selector.Exact(SemVer.parse("1.0.0")),
                        new AliasService.Expectation.Any(),
                        ADA,
                        "");
        assertThat(all(text("flowers"), Order.NAME, 9)).containsExactly("iris", "wine");
        assertThat(all(text("WIN"), Order.NAME, 9)).containsExactly("wine");
        assertThat(all(filter(Optional.of("champion"), Optional.empty()), Order.NAME, 9))
                .containsExactly("iris");
        assertThat(all(filter(Optional.empty(), Optional.of("team")), Order.NAME, 9))
                .containsExactly("iris", "wine");
        assertThat(all(filter(Optional.empty(), Optional.of("team=red")), Order.NAME, 9))
                .containsExactly("wine");
        assertThat(all(filter(Optional.empty(), Optional.of("team=green")), Order.NAME, 9))
                .isEmpty();
    }

    private static ModelFilter filter(Optional<String> alias, Optional<String> tag) {
        return new ModelFilter("", Optional.empty(), Optional.empty(), alias, tag, _ -> true);
    }

    @Test
    void a_page_looks_at_a_bounded_number_of_models_and_its_token_leads_on() {
        catalog.write(tx -> {
            for (int i = 0; i < 3200; i++) {
                tx.models().insert(ModelName.parse("m%04d".formatted(i)), "", now);
            }
            return true;
        });
        Page<ModelRow> first =
                browser.models(filter(Optional.of("none"), Optional.empty()), Order.NAME, Optional.empty(), 50);
        assertThat(first.items()).isEmpty();
        assertThat(first.next()).isPresent();
        assertThat(all(filter(Optional.of("none"), Optional.empty()), Order.CHANGE, 50))
                .isEmpty();
        assertThat(all(ModelFilter.ALL, Order.CHANGE, 200)).hasSize(3200).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z~x",
                "2026-01-01T00:00:00Z~-1",
                "-1000000000-01-01T00:00:00Z~1",
                "+294277-01-01T00:00:00Z~1"
            })
    void a_place_that_no_page_gave_is_the_callers_mistake(String place) {
        assertThatThrownBy(() -> browser.models(ModelFilter.ALL, Order.CHANGE, Optional.of(place), 10))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Begin anew");
    }

    @Test
    void versions_stand_in_lanes_by_major_number_and_in_pages_from_the_highest() {
        model("iris", "");
        publish("iris", 12);
        ModelName iris = ModelName.parse("iris");
        List<ModelBrowser.Lane> lanes = browser.lanes(iris, 3, 2);
        assertThat(lanes).isNotEmpty().hasSizeLessThanOrEqualTo(3);
        assertThat(lanes)
                .allSatisfy(lane -> assertThat(lane.versions())
                        .hasSizeLessThanOrEqualTo(2)
                        .allMatch(version -> version.version().major() == lane.major()));
        List<String> seen = new ArrayList<>();
        Optional<String> below = Optional.empty();
        do {
            var page = browser.versions(iris, below, 5);
            page.items().forEach(version -> seen.add(version.version().toString()));
            below = page.next();
        } while (below.isPresent());
        assertThat(seen).hasSize(12).doesNotHaveDuplicates();
        assertThat(browser.publishedLately(3)).hasSize(3);
        assertThat(browser.publishedLately(3).getFirst().ordinal()).isEqualTo(12);
    }
}
