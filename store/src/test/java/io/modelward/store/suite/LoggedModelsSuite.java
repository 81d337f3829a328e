package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.search.Cursor;
import io.modelward.core.search.DatasetScope;
import io.modelward.core.search.Field;
import io.modelward.core.search.FilterParser;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.search.SortOrder;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.core.tracking.Measure;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.LoggedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with logged models. */
public abstract class LoggedModelsSuite {

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

    protected void write(Consumer<LoggedModels> unit) {
        catalog.write(tx -> {
            unit.accept(tx.loggedModels());
            return true;
        });
    }

    protected static LoggedModel model(String id, long created) {
        return new LoggedModel(
                id,
                0,
                "model " + id,
                "tree",
                "",
                LoggedModelStatus.PENDING,
                "",
                "mlflow-artifacts:/0/models/" + id,
                created,
                created,
                OptionalLong.empty());
    }

    protected static Measure acc(double value, long time, String run, String dataset) {
        return new Measure(new MetricPoint("acc", value, time, 0), run, dataset, dataset.isEmpty() ? "" : "d");
    }

    protected static Search search(String filter, Field field, Optional<Cursor> after, int limit) {
        return new Search(
                List.of(0L),
                Search.View.ACTIVE_ONLY,
                FilterParser.parse(filter, Vocabulary.LOGGED_MODELS),
                List.of(new SortOrder(field, false), new SortOrder(new Field(Field.Kind.ATTRIBUTE, "model_id"), true)),
                after,
                limit);
    }

    protected List<String> found(String filter, Field field) {
        return catalog.read(tx ->
                tx.loggedModels().search(search(filter, field, Optional.empty(), 100), List.of()).items().stream()
                        .map(LoggedModel::id)
                        .toList());
    }

    protected static Field metric(DatasetScope... datasets) {
        return new Field(Field.Kind.METRIC, "acc").on(List.of(datasets));
    }

    @Test
    void a_model_is_kept_with_what_is_known_of_it() {
        LoggedModel ready = new LoggedModel(
                "b", 0, "b", "", "run", LoggedModelStatus.READY, "m", "uri", 5, 9, OptionalLong.empty());
        write(models -> {
            models.insert(model("a", 1));
            models.insert(new LoggedModel(
                    "b", 0, "b", "", "run", LoggedModelStatus.PENDING, "", "uri", 5, 5, OptionalLong.empty()));
            models.update(ready);
            models.insertParam("a", new KeyValue("p", "é".repeat(300)));
            models.setTag("a", new KeyValue("t/x", "1"));
            models.setTag("a", new KeyValue("t/x", "2"));
            assertThat(models.deleteTag("a", "none")).isFalse();
        });
        catalog.close();
        catalog = open();
        Optional<LoggedModel> found = catalog.read(tx -> tx.loggedModels().find("b"));
        assertThat(found).contains(ready);
        List<KeyValue> tags =
                catalog.read(tx -> tx.loggedModels().tags(List.of("a", "b")).getOrDefault("a", List.of()));
        assertThat(tags).containsExactly(new KeyValue("t/x", "2"));
        Optional<String> param = catalog.read(tx -> tx.loggedModels().param("a", "p"));
        assertThat(param).contains("é".repeat(300));
    }

    @Test
    void of_each_run_and_dataset_the_latest_point_is_kept() {
        write(models -> {
            models.insert(model("a", 1));
            for (double value : new double[] {0.5, 0.7, 0.6, Double.NaN}) {
                models.measure("a", acc(value, 3, "r1", ""));
            }
            models.measure("a", acc(0.9, 2, "r1", ""));
            models.measure("a", new Measure(new MetricPoint("acc", 0.1, 1, 8), "r2", "wine", "d"));
            models.measure("a", acc(0.2, 99, "r2", "wine"));
        });
        List<Measure> kept =
                catalog.read(tx -> tx.loggedModels().measures(List.of("a")).getOrDefault("a", List.of()));
        assertThat(kept)
                .containsExactly(
                        acc(0.7, 3, "r1", ""), new Measure(new MetricPoint("acc", 0.1, 1, 8), "r2", "wine", "d"));
    }

    @Test
    void what_is_deleted_with_an_experiment_comes_back_with_it() {
        write(models -> {
            models.insert(model("a", 1));
            models.insert(model("b", 2));
            models.update(
                    new LoggedModel("b", 0, "b", "", "", LoggedModelStatus.READY, "", "u", 2, 3, OptionalLong.of(70)));
            models.deleteWith(0, 80);
        });
        assertThat(found("", metric())).isEmpty();
        write(models -> models.restoreWith(0, 80));
        assertThat(found("", metric())).containsExactly("a");
    }

    @Test
    void a_model_stands_once_in_an_order_whatever_was_measured_on_it() {
        write(models -> {
            for (int i = 0; i < 40; i++) {
                String id = "%02d".formatted(i * 7 % 40);
                models.insert(model(id, i));
                for (int run = 0; run < i % 4; run++) {
                    double value = (i + run) % 5 == 0 ? Double.NaN : (i + run) % 6;
                    models.measure(id, acc(value, run % 2, "r" + run, run % 3 == 0 ? "" : "wine"));
                }
            }
        });
        DatasetScope wine = new DatasetScope("wine", Optional.empty());
        for (Field field : List.of(metric(), metric(wine), metric(wine, new DatasetScope("x", Optional.of("d"))))) {
            List<String> joined = new ArrayList<>();
            Optional<Cursor> after = Optional.empty();
            do {
                Search page = search("", field, after, 7);
                Found<LoggedModel> part = catalog.read(tx -> tx.loggedModels().search(page, List.of()));
                part.items().forEach(row -> joined.add(row.id()));
                after = part.next();
            } while (after.isPresent());
            assertThat(joined)
                    .as(field.toString())
                    .isEqualTo(found("", field))
                    .hasSize(40)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void metrics_are_looked_at_on_the_datasets_that_are_asked_for() {
        write(models -> {
            for (String id : List.of("a", "b", "c")) {
                models.insert(model(id, 1));
            }
            models.measure("a", acc(0.9, 1, "r", "wine"));
            models.measure("a", acc(0.1, 2, "r", "beer"));
            models.measure("b", acc(0.5, 2, "r", "wine"));
        });
        assertThat(found("", metric())).containsExactly("b", "a", "c");
        assertThat(found("", metric(new DatasetScope("wine", Optional.of("d")))))
                .containsExactly("a", "b", "c");
        assertThat(found("", metric(new DatasetScope("wine", Optional.of("other")))))
                .containsExactly("a", "b", "c");
        assertThat(found("metrics.acc > 0.4", metric())).containsExactly("b", "a");
        Search all = search("", metric(), Optional.empty(), 9);
        List<LoggedModel> measured = catalog.read(tx -> tx.loggedModels()
                .search(all, List.of(new DatasetScope("beer", Optional.empty())))
                .items());
        assertThat(measured).extracting(LoggedModel::id).containsExactly("a");
    }
}
