package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Cursor;
import io.modelward.core.search.FilterParser;
import io.modelward.core.search.Found;
import io.modelward.core.search.OrderParser;
import io.modelward.core.search.Search;
import io.modelward.core.search.Vocabulary;
import io.modelward.core.tracking.Dataset;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.core.tracking.Measure;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import io.modelward.core.tracking.ModelUse;
import io.modelward.core.tracking.ModelUse.Role;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.TrackingPurges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with experiments and runs. */
public abstract class TrackingSuite {

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

    protected void write(Consumer<CatalogTransaction> unit) {
        catalog.write(tx -> {
            unit.accept(tx);
            return true;
        });
    }

    protected static Run run(String id, long start) {
        return new Run(
                id,
                0,
                "run " + id,
                "ada",
                RunStatus.RUNNING,
                start,
                OptionalLong.empty(),
                "mlflow-artifacts:/0/" + id,
                OptionalLong.empty());
    }

    private static Experiment experiment(long id, String name) {
        return new Experiment(id, name, "s3://bucket/" + id, 5, 6, OptionalLong.empty());
    }

    protected static Search search(String filter, List<String> order, Optional<Cursor> after, int limit) {
        List<String> total = new ArrayList<>(order);
        total.add("run_id");
        return new Search(
                List.of(0L),
                Search.View.ACTIVE_ONLY,
                FilterParser.parse(filter, Vocabulary.RUNS),
                OrderParser.parse(total, Vocabulary.RUNS),
                after,
                limit);
    }

    private List<String> found(String filter, String... order) {
        return catalog.read(
                tx -> tx.runs().search(search(filter, List.of(order), Optional.empty(), 1000)).items().stream()
                        .map(Run::id)
                        .toList());
    }

    /** What is met by few is looked up another way than what is met by many; what is found is the same. */
    @Test
    void filters_that_many_runs_meet_find_what_filters_that_few_meet_do() {
        int runs = 3000;
        IntFunction<Double> acc = i -> i % 50 == 0 ? Double.NaN : (i * 7919 % runs) / (double) runs;
        write(tx -> {
            for (int i = 0; i < runs; i++) {
                String id = "%04d".formatted(i);
                tx.runs().insert(run(id, i));
                if (i % 7 > 0) {
                    tx.runData().insertPoints(id, List.of(new MetricPoint("acc", acc.apply(i), 1, 0)));
                }
                tx.runData().insertParam(id, new KeyValue("depth", Integer.toString(i % 3)));
                if (i % 2 == 0) {
                    tx.runData().setTag(id, new KeyValue("team", i % 4 == 0 ? "x" : "y"));
                }
            }
        });
        IntPredicate measured = i -> i % 7 > 0;
        Map<String, IntPredicate> filters = Map.of(
                "metrics.acc > 0.1", i -> measured.test(i) && acc.apply(i) > 0.1,
                "metrics.acc > 0.95", i -> measured.test(i) && acc.apply(i) > 0.95,
                "metrics.acc != 0.5", i -> measured.test(i) && acc.apply(i) != 0.5,
                "params.depth != '1'", i -> i % 3 != 1,
                "params.depth = '1' AND metrics.acc <= 0.9", i -> i % 3 == 1 && measured.test(i) && acc.apply(i) <= 0.9,
                "tags.team LIKE '%' AND params.depth IN ('0', '2')", i -> i % 2 == 0 && i % 3 != 1,
                "tags.team = 'x' AND metrics.acc > 0.99", i -> i % 4 == 0 && measured.test(i) && acc.apply(i) > 0.99);
        filters.forEach((filter, expected) -> {
            String[] ids = IntStream.range(0, runs)
                    .filter(expected)
                    .mapToObj("%04d"::formatted)
                    .toArray(String[]::new);
            for (String order : List.of("metrics.acc DESC", "start_time", "params.depth")) {
                assertThat(pages(filter, order)).as(filter + " by " + order).containsExactlyInAnyOrder(ids);
            }
        });
    }

    private List<String> pages(String filter, String order) {
        List<String> found = new ArrayList<>();
        Optional<Cursor> after = Optional.empty();
        do {
            Search search = search(filter, List.of(order), after, 700);
            Found<Run> page = catalog.read(tx -> tx.runs().search(search));
            page.items().forEach(row -> found.add(row.id()));
            after = page.next();
        } while (after.isPresent());
        return found;
    }

    @Test
    void the_default_experiment_is_there_from_the_start() {
        Experiment first = catalog.read(tx -> tx.experiments().find(0)).orElseThrow();
        assertThat(first.name()).isEqualTo("Default");
        assertThat(first.active()).isTrue();
    }

    @Test
    void experiments_are_numbered_without_a_gap_and_kept_with_their_tags() {
        write(tx -> {
            assertThat(tx.experiments().nextId()).isEqualTo(1);
            tx.experiments().insert(experiment(1, "one"));
            tx.experiments().setTag(1, "b", "old");
            tx.experiments().setTag(1, "b", "é".repeat(300));
            tx.experiments().setTag(1, "a", "x");
            assertThat(tx.experiments().deleteTag(1, "nothing")).isFalse();
        });
        catalog.close();
        catalog = open();
        catalog.read(tx -> {
            assertThat(tx.experiments().nextId()).isEqualTo(2);
            assertThat(tx.experiments().findByName("one")).contains(experiment(1, "one"));
            return assertThat(tx.experiments().tags(List.of(0L, 1L)))
                    .isEqualTo(Map.of(1L, List.of(new KeyValue("a", "x"), new KeyValue("b", "é".repeat(300)))));
        });
    }

    @Test
    void what_is_deleted_with_an_experiment_comes_back_with_it() {
        write(tx -> {
            tx.runs().insert(run("a", 1));
            tx.runs().insert(run("b", 2));
            tx.runs()
                    .update(new Run(
                            "b", 0, "b", "ada", RunStatus.FAILED, 2, OptionalLong.of(9), "x", OptionalLong.of(70)));
            tx.runs().deleteWith(0, 80);
        });
        assertThat(found("")).isEmpty();
        write(tx -> tx.runs().restoreWith(0, 80));
        assertThat(found("")).containsExactly("a");
    }

    @Test
    void a_point_is_kept_once_and_the_latest_is_of_the_highest_step_then_time_then_value() {
        write(tx -> {
            tx.runs().insert(run("a", 1));
            tx.runData()
                    .insertPoints(
                            "a",
                            List.of(
                                    new MetricPoint("m", 1, 10, 3),
                                    new MetricPoint("m", 2, 10, 3),
                                    new MetricPoint("m", 9, 99, 1)));
            tx.runData()
                    .insertPoints("a", List.of(new MetricPoint("m", 1, 10, 3), new MetricPoint("n", Double.NaN, 1, 0)));
        });
        catalog.read(tx -> {
            assertThat(tx.runData().latest(List.of("a")).get("a"))
                    .containsExactly(new MetricPoint("m", 2, 10, 3), new MetricPoint("n", Double.NaN, 1, 0));
            assertThat(tx.runData().history("a", "m", Optional.empty(), 10)).hasSize(3);
            assertThat(tx.runData().ranges("a", 4))
                    .contains(List.of(new MetricRange("m", 3, 1, 9), new MetricRange("n", 1, Double.NaN, Double.NaN)));
            assertThat(tx.runData().ranges("a", 3)).isEmpty();
            return assertThat(tx.runData().steps("a", "m", 2, 5)).containsExactly(3L);
        });
    }

    @Test
    void a_long_history_is_spread_evenly_over_a_few_points() {
        List<MetricPoint> points = IntStream.range(0, 1000)
                .mapToObj(i -> new MetricPoint("m", i % 7, 100 + i, i))
                .toList();
        write(tx -> {
            tx.runs().insert(run("a", 1));
            tx.runData().insertPoints("a", points);
            tx.runData().insertPoints("a", List.of(new MetricPoint("n", 1, 5, 0)));
            tx.runData()
                    .insertPoints(
                            "a",
                            IntStream.range(0, 500)
                                    .mapToObj(i -> new MetricPoint("times", i, i, 0))
                                    .toList());
            tx.runData()
                    .insertPoints(
                            "a",
                            IntStream.range(0, 501)
                                    .mapToObj(i -> new MetricPoint("dense", i, i, i == 500 ? 1_000_000 : i))
                                    .toList());
        });
        catalog.read(tx -> {
            List<MetricPoint> few = tx.runData().spread("a", "m", 10);
            assertThat(few).hasSizeBetween(10, 12).startsWith(points.getFirst()).endsWith(points.getLast());
            assertThat(few).extracting(MetricPoint::step).isSorted().contains(495L);
            assertThat(tx.runData().spread("a", "m", 1000)).isEqualTo(points);
            assertThat(tx.runData().spread("a", "times", 10)).hasSizeBetween(10, 12);
            assertThat(tx.runData().spread("a", "dense", 10))
                    .hasSizeBetween(2, 12)
                    .extracting(MetricPoint::step)
                    .contains(0L, 1_000_000L);
            return assertThat(tx.runData().spread("a", "n", 10)).hasSize(1);
        });
    }

    @Test
    void the_active_runs_of_an_experiment_are_counted_up_to_a_limit() {
        write(tx -> {
            tx.experiments().insert(experiment(1, "one"));
            tx.runs().insert(run("a", 7));
            tx.runs().insert(run("b", 9));
            tx.runs().insert(run("c", 11));
            tx.runs()
                    .update(new Run(
                            "c", 0, "c", "ada", RunStatus.FAILED, 11, OptionalLong.of(12), "x", OptionalLong.of(70)));
        });
        catalog.read(tx -> {
            assertThat(tx.runs().count(0, 10)).isEqualTo(2);
            assertThat(tx.runs().count(0, 1)).isEqualTo(1);
            assertThat(tx.runs().lastStart(0)).hasValue(9);
            assertThat(tx.runs().count(1, 10)).isZero();
            return assertThat(tx.runs().lastStart(1)).isEmpty();
        });
    }

    @Test
    void datasets_and_models_of_a_run_are_kept_in_their_order_and_once() {
        DatasetInput wine = new DatasetInput(
                new Dataset("wine", "d1", "http", "{}", Optional.of("[]"), Optional.empty()),
                List.of(new KeyValue("mlflow.data.context", "training")));
        ModelUse made = new ModelUse(Role.OUTPUT, "m-1", 4);
        write(tx -> {
            tx.runs().insert(run("a", 1));
            tx.runInputs().insertDataset(0, "a", wine);
            tx.runInputs().insertDataset(0, "a", wine);
            tx.runInputs().insertModel("a", made);
            tx.runInputs().insertModel("a", made);
            tx.runInputs().insertModel("a", new ModelUse(Role.INPUT, "m-0", 0));
        });
        catalog.read(tx -> {
            assertThat(tx.runInputs().datasets(List.of("a"))).isEqualTo(Map.of("a", List.of(wine)));
            return assertThat(tx.runInputs().models(List.of("a")).get("a"))
                    .hasSize(2)
                    .startsWith(made);
        });
        assertThat(found("dataset.context = 'training'")).containsExactly("a");
    }

    @Test
    void long_values_are_told_apart_beyond_what_is_indexed() {
        String head = "é𝄞".repeat(150);
        write(tx -> {
            for (String id : List.of("a", "b")) {
                tx.runs().insert(run(id, 1));
                tx.runData().insertParam(id, new KeyValue("k", head + id));
                tx.runData().setTag(id, new KeyValue("t", id.toUpperCase(java.util.Locale.ROOT)));
            }
        });
        assertThat(found("params.k = '" + head + "a'")).containsExactly("a");
        assertThat(found("params.k != '" + head + "a'")).containsExactly("b");
        assertThat(found("tags.t LIKE 'a'")).isEmpty();
        assertThat(found("tags.t ILIKE 'a'")).containsExactly("a");
        assertThat(found("", "params.k DESC")).containsExactly("b", "a");
    }

    @Test
    void pages_of_every_order_join_to_the_whole_also_when_runs_are_added_between() {
        write(tx -> {
            for (int i = 0; i < 60; i++) {
                String id = "%03d".formatted(i * 37 % 60);
                tx.runs().insert(run(id, i % 4));
                if (i % 3 > 0) {
                    tx.runData().insertPoints(id, List.of(new MetricPoint("m", i % 3 == 1 ? i % 5 : Double.NaN, 1, 0)));
                }
                if (i % 2 == 0) {
                    tx.runData().insertParam(id, new KeyValue("p", "v" + i % 7));
                }
            }
        });
        for (List<String> order : List.of(
                List.of("metrics.m DESC"),
                List.of("metrics.m", "params.p DESC"),
                List.of("params.p", "metrics.m DESC"),
                List.of("start_time DESC", "metrics.m"),
                List.of("end_time", "start_time"),
                List.of("run_id DESC"))) {
            List<String> whole = found("", order.toArray(String[]::new));
            List<String> joined = new ArrayList<>();
            Optional<Cursor> after = Optional.empty();
            do {
                Search page = search("", order, after, 7);
                Found<Run> part = catalog.read(tx -> tx.runs().search(page));
                part.items().forEach(row -> joined.add(row.id()));
                after = part.next();
            } while (after.isPresent());
            assertThat(joined).as(order.toString()).isEqualTo(whole).hasSize(60).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_cursor_that_does_not_fit_is_refused() {
        for (Cursor odd : List.of(
                new Cursor(9, List.of()),
                new Cursor(0, List.of("x")),
                new Cursor(-1, List.of()),
                new Cursor(0, List.of("x", "y")))) {
            assertThatThrownBy(() ->
                            catalog.read(tx -> tx.runs().search(search("", List.of("metrics.m"), Optional.of(odd), 7))))
                    .isInstanceOf(ProblemException.class);
        }
    }

    private static Run deleted(String id, long at) {
        return new Run(
                id,
                0,
                id,
                "ada",
                RunStatus.FAILED,
                1,
                OptionalLong.of(2),
                "mlflow-artifacts:/0/" + id,
                OptionalLong.of(at));
    }

    private static LoggedModel logged(String id, String run, OptionalLong deletedAt) {
        return new LoggedModel(id, 0, id, "tree", run, LoggedModelStatus.READY, "", "uri:" + id, 1, 1, deletedAt);
    }

    private List<String> leftRuns(long deletedBy, String after, int most) {
        return catalog.read(tx -> tx.trackingPurges().runs(deletedBy, after, most).stream()
                .map(TrackingPurges.Leftover::id)
                .toList());
    }

    @Test
    void a_deleted_run_is_found_by_its_age_and_goes_with_all_that_it_logged() {
        write(tx -> {
            for (String id : List.of("a", "b", "c", "d", "e")) {
                tx.runs().insert(run(id, 1));
                tx.runData().insertParam(id, new KeyValue("p", "1"));
                tx.runData().setTag(id, new KeyValue("t", "1"));
                tx.runData().insertPoints(id, List.of(new MetricPoint("m", 1, 1, 0)));
                tx.runInputs()
                        .insertDataset(
                                0,
                                id,
                                new DatasetInput(
                                        new Dataset("wine", "d1", "http", "{}", Optional.empty(), Optional.empty()),
                                        List.of()));
                tx.runInputs().insertModel(id, new ModelUse(Role.OUTPUT, "m-1", 0));
            }
            tx.runs().update(deleted("a", 70));
            tx.runs().update(deleted("b", 71));
            tx.runs().update(deleted("c", 72));
            tx.runs().update(deleted("e", 70));
            // A model that is there, and one that is deleted, keep the run that logged them.
            tx.loggedModels().insert(logged("m-1", "e", OptionalLong.empty()));
            tx.loggedModels().insertParam("m-1", new KeyValue("p", "1"));
            tx.loggedModels().setTag("m-1", new KeyValue("t", "1"));
            tx.loggedModels().measure("m-1", new Measure(new MetricPoint("m", 1, 1, 0), "e", "", ""));
        });
        assertThat(leftRuns(69, "", 9)).isEmpty();
        assertThat(leftRuns(71, "", 9)).containsExactly("a", "b");
        assertThat(leftRuns(100, "", 2)).containsExactly("a", "b");
        assertThat(leftRuns(100, "b", 2)).containsExactly("c");
        Optional<String> uri =
                catalog.read(tx -> tx.trackingPurges().run("a", 70).map(TrackingPurges.Leftover::artifactUri));
        assertThat(uri).contains("mlflow-artifacts:/0/a");
        boolean tooYoung = catalog.read(tx -> tx.trackingPurges().run("b", 70).isPresent());
        boolean there = catalog.read(tx -> tx.trackingPurges().run("d", 70).isPresent());
        assertThat(tooYoung || there).isFalse();

        write(tx -> tx.trackingPurges().purgeRun("a"));
        Map<String, List<KeyValue>> params = catalog.read(tx -> tx.runData().params(List.of("a", "b")));
        assertThat(params).containsOnlyKeys("b");
        Optional<Run> gone = catalog.read(tx -> tx.runs().find("a"));
        assertThat(gone).isEmpty();

        List<String> noModels = catalog.read(tx -> tx.trackingPurges().models(100, "", 9).stream()
                .map(TrackingPurges.Leftover::id)
                .toList());
        assertThat(noModels).isEmpty();
        write(tx -> tx.loggedModels().update(logged("m-1", "e", OptionalLong.of(80))));
        Optional<String> model =
                catalog.read(tx -> tx.trackingPurges().model("m-1", 80).map(TrackingPurges.Leftover::artifactUri));
        assertThat(model).contains("uri:m-1");
        assertThat(leftRuns(100, "c", 9)).isEmpty();
        write(tx -> tx.trackingPurges().purgeModel("m-1"));
        assertThat(leftRuns(100, "c", 9)).containsExactly("e");
        Map<String, List<ModelUse>> uses = catalog.read(tx -> tx.runInputs().models(List.of("b")));
        assertThat(uses).isEmpty();
    }
}
