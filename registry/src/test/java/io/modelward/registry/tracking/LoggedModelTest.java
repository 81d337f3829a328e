package io.modelward.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.DatasetScope;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModelStatus;
import io.modelward.core.tracking.Measure;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.registry.Actor;
import io.modelward.registry.tracking.LoggedModelQuery.Term;
import io.modelward.registry.tracking.RunLog.ModelPoint;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedModelTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private Instant now = Instant.ofEpochMilli(1_800_000_000_000L);
    private RerunCatalog catalog;
    private ExperimentService experiments;
    private LoggedModelService models;
    private LoggedModelSearch search;
    private RunService runs;
    private RunLog log;

    @BeforeEach
    void open() {
        InstantSource clock = () -> now;
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        experiments = new ExperimentService(EVERYONE, catalog, clock);
        models = new LoggedModelService(EVERYONE, catalog, clock, new Random(1));
        search = new LoggedModelSearch(EVERYONE, catalog);
        runs = new RunService(EVERYONE, catalog, clock, new Random(2));
        log = new RunLog(EVERYONE, catalog, Failpoints.NONE);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private String model(String experiment, String name) {
        now = now.plusMillis(1);
        return models.create(new LoggedModelService.NewModel(
                        experiment, Optional.of(name), "sklearn", "", List.of(new KeyValue("depth", "3")), List.of()))
                .model()
                .id();
    }

    private String run() {
        return runs.create(new RunService.NewRun("0", "ada", Optional.empty(), OptionalLong.empty(), List.of()))
                .run()
                .id();
    }

    private void measure(String run, String model, double value, long time, String dataset) {
        MetricPoint point = new MetricPoint("acc", value, time, 0);
        log.log(
                run,
                List.of(point),
                List.of(),
                List.of(),
                List.of(new ModelPoint(model, point, dataset, dataset.isEmpty() ? "" : "d1")));
    }

    private List<String> found(String filter, List<Term> order, List<DatasetScope> datasets) {
        return search
                .search(new LoggedModelQuery(List.of("0"), filter, order, datasets, Optional.empty(), 100))
                .items()
                .stream()
                .map(view -> view.model().name())
                .toList();
    }

    private static void refused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(type));
    }

    @Test
    void a_model_is_begun_described_finished_and_deleted() {
        String id = model("0", "iris");
        LoggedModelView begun = models.get(id);
        assertThat(id).matches("m-[0-9a-f]{32}");
        assertThat(begun.model().artifactUri()).isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
        assertThat(begun.model().status()).isEqualTo(LoggedModelStatus.PENDING);
        now = now.plusMillis(5);
        assertThat(models.finish(id, LoggedModelStatus.READY).model().updatedAt())
                .isEqualTo(begun.model().createdAt() + 5);
        refused(ProblemType.INVALID, () -> models.finish(id, LoggedModelStatus.PENDING));
        models.setTags(id, List.of(new KeyValue("a", "1"), new KeyValue("b/c", "2")));
        models.deleteTag(id, "b/c");
        refused(ProblemType.NOT_FOUND, () -> models.deleteTag(id, "b/c"));
        models.addParams(id, List.of(new KeyValue("depth", "3"), new KeyValue("more", "4")));
        refused(ProblemType.INVALID, () -> models.addParams(id, List.of(new KeyValue("depth", "9"))));
        assertThat(models.get(id).tags()).containsExactly(new KeyValue("a", "1"));
        assertThat(models.get(id).params()).containsExactly(new KeyValue("depth", "3"), new KeyValue("more", "4"));
        models.delete(id, ADA);
        refused(ProblemType.NOT_FOUND, () -> models.get(id));
        refused(ProblemType.NOT_FOUND, () -> models.delete(id, ADA));
        assertThat(found("", List.of(), List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a:b", "a.b", "a%b", "a\"b", "a'b"})
    void a_name_that_a_uri_could_not_hold_is_refused(String name) {
        refused(ProblemType.INVALID, () -> model("0", name));
    }

    @Test
    void names_may_be_the_same_or_missing() {
        assertThat(model("0", "same")).isNotEqualTo(model("0", "same"));
        LoggedModelView unnamed =
                models.create(new LoggedModelService.NewModel("0", Optional.empty(), "", "", List.of(), List.of()));
        assertThat(unnamed.model().name()).matches("[a-z]+-[a-z]+-[0-9]{1,3}");
        refused(ProblemType.NOT_FOUND, () -> model("77", "x"));
    }

    @Test
    void the_source_run_may_be_one_of_another_server() {
        String elsewhere = "0".repeat(32);
        LoggedModelView model = models.create(
                new LoggedModelService.NewModel("0", Optional.empty(), "", elsewhere, List.of(), List.of()));
        assertThat(models.get(model.model().id()).model().sourceRun()).isEqualTo(elsewhere);
        refused(
                ProblemType.INVALID,
                () -> models.create(
                        new LoggedModelService.NewModel("0", Optional.empty(), "", "../x", List.of(), List.of())));
    }

    @Test
    void models_go_and_come_back_with_their_experiment() {
        String home = experiments.create("one", Optional.empty(), List.of(), ADA);
        String kept = model(home, "kept");
        String gone = model(home, "gone");
        models.delete(gone, ADA);
        now = now.plusMillis(5);
        experiments.delete(home, ADA, "");
        refused(ProblemType.NOT_FOUND, () -> models.get(kept));
        refused(ProblemType.INVALID, () -> model(home, "more"));
        experiments.restore(home, ADA, "");
        assertThat(models.get(kept).model().active()).isTrue();
        refused(ProblemType.NOT_FOUND, () -> models.get(gone));
    }

    @Test
    void a_metric_is_kept_on_its_model_by_run_and_dataset() {
        String model = model("0", "iris");
        String one = run();
        String two = run();
        measure(one, model, 0.5, 10, "");
        measure(one, model, 0.4, 9, "");
        measure(one, model, 0.7, 11, "wine");
        measure(two, model, Double.NaN, 12, "");
        assertThat(models.get(model).measures())
                .containsExactlyInAnyOrder(
                        new Measure(new MetricPoint("acc", 0.5, 10, 0), one, "", ""),
                        new Measure(new MetricPoint("acc", 0.7, 11, 0), one, "wine", "d1"),
                        new Measure(new MetricPoint("acc", Double.NaN, 12, 0), two, "", ""));
        assertThat(runs.get(one).metrics()).containsExactly(new MetricPoint("acc", 0.7, 11, 0));
        refused(ProblemType.NOT_FOUND, () -> measure(one, "m-" + "0".repeat(32), 1, 99, ""));
        assertThat(runs.get(one).metrics()).containsExactly(new MetricPoint("acc", 0.7, 11, 0));
    }

    @Test
    void searches_look_at_all_that_is_known_and_order_by_the_newest_measure_of_a_dataset() {
        String run = run();
        String a = model("0", "a");
        String b = model("0", "b");
        model("0", "c");
        measure(run, a, 0.9, 1, "wine");
        measure(run, a, 0.1, 2, "beer");
        measure(run, b, 0.5, 3, "wine");
        models.finish(b, LoggedModelStatus.UPLOAD_FAILED);
        models.setTags(a, List.of(new KeyValue("status", "READY")));
        DatasetScope wine = new DatasetScope("wine", Optional.empty());
        DatasetScope other = new DatasetScope("wine", Optional.of("d2"));
        assertThat(found("", List.of(), List.of())).containsExactly("c", "b", "a");
        assertThat(found("", List.of(new Term("metrics.acc", false, Optional.of(wine))), List.of()))
                .containsExactly("a", "b", "c");
        assertThat(found("", List.of(new Term("metrics.acc", false, Optional.empty())), List.of()))
                .containsExactly("b", "a", "c");
        assertThat(found("", List.of(new Term("metrics.acc", true, Optional.of(other))), List.of()))
                .containsExactly("c", "b", "a");
        assertThat(found("", List.of(new Term("name", true, Optional.empty())), List.of(wine)))
                .containsExactly("a", "b");
        assertThat(found("metrics.acc < 0.2", List.of(), List.of())).containsExactly("a");
        assertThat(found("metrics.acc < 0.2", List.of(), List.of(wine))).isEmpty();
        assertThat(found("status = 'FAILED'", List.of(), List.of())).containsExactly("b");
        assertThat(found("status = 'LOGGED_MODEL_PENDING' AND name != 'c'", List.of(), List.of()))
                .containsExactly("a");
        assertThat(found("tags.status = 'READY' AND params.depth = '3'", List.of(), List.of()))
                .containsExactly("a");
        assertThat(found("model_id = '" + b + "' AND model_type LIKE 'sk%'", List.of(), List.of()))
                .containsExactly("b");
        assertThat(found("creation_time > 1800000000002", List.of(), List.of())).containsExactly("c");
        assertThat(found("source_run_id = ''", List.of(), List.of())).hasSize(3);
    }

    @Test
    void pages_join_to_the_whole_and_a_token_belongs_to_its_query() {
        String run = run();
        for (int i = 0; i < 9; i++) {
            String id = model("0", "n" + i);
            if (i % 3 > 0) {
                measure(run, id, i % 2, i, i % 3 == 1 ? "" : "wine");
                measure(run, id, i % 4, i, "wine");
            }
        }
        for (String field : List.of("metrics.acc", "name", "last_updated_timestamp", "params.depth")) {
            List<Term> order = List.of(new Term(field, false, Optional.empty()));
            List<String> joined = new java.util.ArrayList<>();
            Optional<String> token = Optional.empty();
            do {
                var page = search.search(new LoggedModelQuery(List.of("0"), "", order, List.of(), token, 2));
                page.items().forEach(view -> joined.add(view.model().name()));
                token = page.next();
                Optional<String> given = token;
                if (given.isPresent()) {
                    refused(
                            ProblemType.INVALID,
                            () -> search.search(
                                    new LoggedModelQuery(List.of("0"), "name = 'x'", order, List.of(), given, 2)));
                }
            } while (token.isPresent());
            assertThat(joined).as(field).isEqualTo(found("", order, List.of())).hasSize(9);
        }
    }

    @Test
    void the_history_of_models_is_a_list_that_is_never_cut() {
        String run = run();
        ModelHistory history = new ModelHistory(EVERYONE, catalog);
        for (int i = 0; i < 20; i++) {
            String json = "{\"artifact_path\":\"m%d\",\"utc_time_created\":\"x\",\"flavors\":{\"a\":\"%s\"}}"
                    .formatted(i, "y".repeat(1000));
            history.add(run, json);
            history.add(run, json);
        }
        String kept = runs.get(run).tags().stream()
                .filter(tag -> tag.key().equals(ModelHistory.TAG))
                .findFirst()
                .orElseThrow()
                .value();
        assertThat(io.modelward.core.json.Json.parse(kept, "history").size()).isEqualTo(20);
        for (String wrong : List.of("", "[]", "{}", "{\"artifact_path\":\"a\"}", "x")) {
            refused(ProblemType.INVALID, () -> history.add(run, wrong));
        }
    }
}
