package io.modelward.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.MetricRange;
import io.modelward.core.tracking.RunStatus;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private Instant now = Instant.ofEpochMilli(1_800_000_000_000L);
    private RerunCatalog catalog;
    private ExperimentService experiments;
    private RunService runs;
    private RunLog log;

    @BeforeEach
    void open() {
        InstantSource clock = () -> now;
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        experiments = new ExperimentService(EVERYONE, catalog, clock);
        runs = new RunService(EVERYONE, catalog, clock, new Random(1));
        log = new RunLog(EVERYONE, catalog, Failpoints.NONE);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private String run(String experiment) {
        return runs.create(new RunService.NewRun(experiment, "ada", Optional.empty(), OptionalLong.empty(), List.of()))
                .run()
                .id();
    }

    private static void refused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
                .satisfies(problem -> assertThat(problem.problem().type()).isEqualTo(type));
    }

    private static List<KeyValue> entries(int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> new KeyValue("k" + i, "v"))
                .toList();
    }

    @Test
    void an_experiment_takes_the_next_number_and_its_runs_live_below_it() {
        assertThat(experiments.create("one", Optional.empty(), List.of(), ADA)).isEqualTo("1");
        refused(ProblemType.CONFLICT, () -> experiments.create("one", Optional.empty(), List.of(), ADA));
        assertThat(experiments.create("two", Optional.of("s3://b/x/"), List.of(), ADA))
                .isEqualTo("2");
        RunView view = runs.get(run("2"));
        assertThat(view.run().id()).matches("[0-9a-f]{32}");
        assertThat(view.run().name()).matches("[a-z]+-[a-z]+-[0-9]{1,3}");
        assertThat(view.tags())
                .containsExactly(new KeyValue("mlflow.runName", view.run().name()));
        assertThat(view.run().artifactUri()).isEqualTo("s3://b/x/" + view.run().id() + "/artifacts");
        assertThat(view.run().startTime()).isEqualTo(now.toEpochMilli());
    }

    @Test
    void a_deleted_experiment_keeps_its_name_and_brings_back_the_runs_that_went_with_it() {
        String id = experiments.create("one", Optional.empty(), List.of(), ADA);
        String kept = run(id);
        String gone = run(id);
        runs.delete(gone, ADA, "");
        now = now.plusMillis(5);
        experiments.delete(id, ADA, "");
        refused(ProblemType.CONFLICT, () -> experiments.create("one", Optional.empty(), List.of(), ADA));
        refused(ProblemType.INVALID, () -> run(id));
        refused(ProblemType.INVALID, () -> runs.restore(kept, ADA, ""));
        refused(ProblemType.NOT_FOUND, () -> experiments.delete(id, ADA, ""));
        refused(ProblemType.INVALID, () -> experiments.rename(id, "two", ADA, ""));
        experiments.restore(id, ADA, "");
        refused(ProblemType.NOT_FOUND, () -> experiments.restore(id, ADA, ""));
        assertThat(runs.get(kept).run().active()).isTrue();
        assertThat(runs.get(gone).run().active()).isFalse();
        assertThat(catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 10, "")).stream()
                        .map(AuditEntry::action))
                .containsExactly("experiment.restore", "experiment.delete", "run.delete", "experiment.create");
    }

    @Test
    void a_batch_is_kept_whole_or_not_at_all() {
        String run = run("0");
        log.log(run, List.of(), List.of(new KeyValue("p", "1")), List.of());
        refused(
                ProblemType.INVALID,
                () -> log.log(
                        run,
                        List.of(new MetricPoint("m", 1, 1, 0)),
                        List.of(new KeyValue("q", "1"), new KeyValue("p", "2")),
                        entries(3)));
        RunLog failing = new RunLog(EVERYONE, catalog, ScriptedFailpoints.parse("tracking.before-tags=error"));
        assertThatThrownBy(() -> failing.log(
                        run, List.of(new MetricPoint("m", 1, 1, 0)), List.of(new KeyValue("q", "1")), entries(3)))
                .isNotNull();
        RunView view = runs.get(run);
        assertThat(view.params()).containsExactly(new KeyValue("p", "1"));
        assertThat(view.metrics()).isEmpty();
        assertThat(view.tags()).hasSize(1);
    }

    @Test
    void a_batch_has_limits() {
        String run = run("0");
        refused(ProblemType.INVALID, () -> log.log(run, List.of(), entries(101), List.of()));
        refused(ProblemType.INVALID, () -> log.log(run, List.of(), List.of(), entries(101)));
        refused(
                ProblemType.INVALID,
                () -> log.log(run, List.of(), List.of(new KeyValue("a", "1"), new KeyValue("a", "1")), List.of()));
        log.log(run, List.of(), entries(100), entries(100));
        assertThat(runs.get(run).params()).hasSize(100);
    }

    @Test
    void long_values_are_cut_at_a_whole_character() {
        String run = run("0");
        log.log(
                run,
                List.of(),
                List.of(new KeyValue("p", "x" + "𝄞".repeat(4000))),
                List.of(new KeyValue("t", "y".repeat(9000))));
        assertThat(runs.get(run).params().getFirst().value()).hasSize(5999).endsWith("𝄞");
        assertThat(runs.get(run).tags()).contains(new KeyValue("t", "y".repeat(8000)));
        experiments.setTag("0", new KeyValue("e", "z".repeat(20_000)));
        refused(ProblemType.INVALID, () -> experiments.setTag("0", new KeyValue("e", "z".repeat(20_001))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/..", "../a", "/a", "a/", "a//b", "a/./b", "a*b", "a\nb", "a%b"})
    void names_that_are_no_plain_paths_are_refused(String key) {
        String run = run("0");
        refused(ProblemType.INVALID, () -> log.log(run, List.of(new MetricPoint(key, 1, 1, 0)), List.of(), List.of()));
        refused(ProblemType.INVALID, () -> log.log(run, List.of(), List.of(new KeyValue(key, "v")), List.of()));
        refused(ProblemType.INVALID, () -> log.log(run, List.of(), List.of(), List.of(new KeyValue(key, "v"))));
    }

    @Test
    void a_run_that_goes_on_has_no_end() {
        String run = run("0");
        assertThat(runs.update(run, Optional.of(RunStatus.FINISHED), OptionalLong.of(5), Optional.empty())
                        .endTime())
                .hasValue(5);
        assertThat(runs.update(run, Optional.empty(), OptionalLong.empty(), Optional.of("new"))
                        .endTime())
                .hasValue(5);
        assertThat(runs.update(run, Optional.of(RunStatus.RUNNING), OptionalLong.empty(), Optional.empty())
                        .endTime())
                .isEmpty();
        assertThat(runs.get(run).tags()).containsExactly(new KeyValue("mlflow.runName", "new"));
    }

    @Test
    void a_token_belongs_to_its_query() {
        for (int i = 0; i < 5; i++) {
            run("0");
        }
        RunSearch search = new RunSearch(EVERYONE, catalog);
        Page<RunView> first = search.search(query("", Optional.empty()));
        assertThat(search.search(query("", first.next())).items())
                .hasSize(2)
                .doesNotContainAnyElementsOf(first.items());
        refused(ProblemType.INVALID, () -> search.search(query("status = 'RUNNING'", first.next())));
        refused(ProblemType.INVALID, () -> search.search(query("", Optional.of("x"))));
    }

    private static Query query(String filter, Optional<String> token) {
        return new Query(List.of("0"), filter, List.of(), Search.View.ACTIVE_ONLY, token, 2);
    }

    @Test
    void a_list_of_experiments_tells_how_many_runs_there_are_and_when_the_last_one_started() {
        String id = experiments.create("one", Optional.empty(), List.of(), ADA);
        run(id);
        String last = run(id);
        runs.delete(run(id), ADA, "");
        ExperimentBrowser browser = new ExperimentBrowser(EVERYONE, catalog);
        assertThat(browser.search(new Query(List.of(), "", List.of(), Search.View.ACTIVE_ONLY, Optional.empty(), 10))
                        .items())
                .extracting(row -> row.view().experiment().name() + " "
                        + row.tally().orElseThrow().runs())
                .containsExactly("one 2", "Default 0");
        assertThat(browser.experiment(id).tally().orElseThrow().lastStart())
                .hasValue(runs.run(last).startTime());
        refused(ProblemType.NOT_FOUND, () -> browser.experiment("7"));
    }

    @Test
    void several_runs_come_in_the_order_in_which_they_are_named() {
        String one = run("0");
        String two = run("0");
        assertThat(runs.all(List.of(two, one)))
                .extracting(view -> view.run().id())
                .containsExactly(two, one);
        refused(ProblemType.NOT_FOUND, () -> runs.all(List.of(one, "f".repeat(32))));
    }

    @Test
    void curves_are_drawn_of_up_to_two_hundred_runs() {
        String one = run("0");
        log.log(
                one,
                List.of(new MetricPoint("m", 1, 1, 0), new MetricPoint("m", 5, 2, 1), new MetricPoint("m", 3, 3, 2)),
                List.of(),
                List.of());
        MetricHistory history = new MetricHistory(EVERYONE, catalog);
        assertThat(history.curves(List.of(one), "m", 10).get(one))
                .extracting(MetricPoint::value)
                .containsExactly(1.0, 5.0, 3.0);
        assertThat(history.ranges(one)).containsExactly(new MetricRange("m", 3, 1, 5));
        refused(ProblemType.INVALID, () -> history.curves(java.util.Collections.nCopies(201, one), "m", 10));
    }
}
