package io.modelward.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.digest.Digest;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobRunState;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.ReproductionReport;
import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.ReproductionReport.Verdict;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.version.Selector;
import io.modelward.jobs.JobView.RunView;
import io.modelward.registry.version.VersionResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReproducerTest extends JobsFixture {

    private static final Selector MADE = Selector.parse("1.1.0");

    /** A version that a run of the job published: 1.1.0. */
    private Server trained(Map<String, String> more) throws Exception {
        make(more);
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.publish(server.runner.last().token(), "second", accuracy(0.95));
        server.runner.last().end(0);
        server.ended(run);
        return server;
    }

    private static RunView reproduce(Server server, String content, String card) throws Exception {
        String run = server.services
                .reproducer
                .start(IRIS, MADE, 1e-3, ADA, "who asked")
                .run()
                .id();
        server.round();
        server.publish(server.runner.last().token(), content, card);
        server.runner.last().end(0);
        return server.ended(run);
    }

    private static ReproductionReport report(RunView view) {
        return view.reproduction().orElseThrow().reproduction().report().orElseThrow();
    }

    @Test
    void a_run_that_makes_every_byte_again_makes_no_version() throws Exception {
        Server server = trained(Map.of("require", "[\"accuracy >= 2\"]".replace("2", "0.1"), "rollout", "\"canary\""));
        rollouts.clear();
        RunView again = reproduce(server, "second", accuracy(0.95));
        assertThat(report(again).verdict()).isEqualTo(Verdict.IDENTICAL);
        assertThat(report(again).made()).isEqualTo("1.1.0");
        assertThat(again.versions()).isEmpty();
        assertThat(again.run().trigger()).isEqualTo(JobTrigger.REPRODUCE);
        assertThat(again.run().progress().outcome())
                .isEqualTo("default/iris@1.1.0 was reproduced: every file is equal, byte by byte (1 file).");
        assertThat(rollouts).isEmpty();
        assertThat(server.runner.last().task.recorded()).containsExactly("numpy==2.4.6");
        assertThat(server.runner.last().task.variables()).containsEntry("KEY", "hush");
        assertThat(server.services.reproducer.of(IRIS, MADE))
                .extracting(view -> view.run().id())
                .containsExactly(again.run().id());
    }

    @Test
    void equal_files_with_another_card_are_a_pre_release_of_the_number_and_identical() throws Exception {
        Server server = trained(Map.of());
        RunView again = reproduce(server, "second", accuracy(0.5));
        assertThat(report(again).verdict()).isEqualTo(Verdict.IDENTICAL);
        assertThat(report(again).made()).isEqualTo("1.1.0-reproduced.2");
        assertThat(report(again).metrics()).singleElement().satisfies(metric -> {
            assertThat(metric.name()).isEqualTo("accuracy");
            assertThat(metric.holds()).isFalse();
        });
        assertThat(again.run().progress().outcome()).contains("accuracy was 0.95 and is 0.5");
        assertThatThrownBy(
                        () -> server.services.reproducer.start(IRIS, Selector.parse("1.1.0-reproduced.2"), 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Reproduce default/iris@1.1.0.");
    }

    @Test
    void other_files_are_judged_by_their_answers_and_metrics() throws Exception {
        Server server = trained(Map.of());
        answers = new Predictions(3, 10, 10, 3, 0, 1e-9, "");
        RunView near = reproduce(server, "near", accuracy(0.9501));
        assertThat(report(near).verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(near.run().progress().outcome())
                .isEqualTo("default/iris@1.1.0 was reproduced within the tolerance: these files differ: model.joblib;"
                        + " the answers to all 13 rows differ by at most 1.0E-9.");
        RunView worse = reproduce(server, "worse", accuracy(0.9));
        assertThat(report(worse).verdict()).isEqualTo(Verdict.DIFFERENT);
        answers = new Predictions(3, 10, 10, 2, 1, 0.5, "");
        RunView far = reproduce(server, "far", accuracy(0.95));
        assertThat(report(far).verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(far.run().progress().outcome()).contains("the answers to 1 of 13 rows differ");
        answers = new Predictions(0, 0, 0, 0, 0, 0, "There are no rows.");
        RunView blind = reproduce(server, "blind", accuracy(0.95));
        assertThat(report(blind).verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(blind.run().progress().outcome()).contains("could not be compared, since There are no rows.");
        assertThat(blind.run().progress().state()).isEqualTo(JobRunState.SUCCEEDED);
    }

    @Test
    void a_card_that_names_its_version_is_made_once_more() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        String card = "{\"version\":\"1.1.0\",\"performance\":{\"accuracy\":0.95}}";
        server.publish(server.runner.last().token(), "second", card);
        server.runner.last().end(0);
        server.ended(run);
        RunView again = reproduce(server, "near", card);
        assertThat(report(again).made()).isEqualTo("1.1.0-reproduced.2");
        assertThat(report(again).verdict()).isEqualTo(Verdict.EQUIVALENT);
    }

    @Test
    void the_version_that_was_asked_for_is_compared_when_the_run_makes_several_again() throws Exception {
        make(Map.of());
        Server server = servers.getFirst();
        String run = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        server.publish(server.runner.last().token(), "second", accuracy(0.95));
        server.publish(server.runner.last().token(), "third", accuracy(0.96));
        server.runner.last().end(0);
        server.ended(run);
        for (String number : List.of("1.1.0", "1.2.0")) {
            String id = server.services
                    .reproducer
                    .start(IRIS, Selector.parse(number), 0, ADA, "")
                    .run()
                    .id();
            server.round();
            server.publish(server.runner.last().token(), "second", accuracy(0.95));
            server.publish(server.runner.last().token(), "third", accuracy(0.96));
            server.runner.last().end(0);
            RunView again = server.ended(id);
            assertThat(report(again).verdict()).isEqualTo(Verdict.IDENTICAL);
            assertThat(report(again).made()).isEqualTo(number);
        }
    }

    @Test
    void a_run_of_which_nobody_knows_what_it_makes_once_more_publishes_nothing() throws Exception {
        Server server = trained(Map.of());
        JobRun first = runs().getLast();
        catalog.write(tx -> {
            tx.jobs()
                    .insertRun(new JobRun(
                            "00000000000000ff",
                            tx.jobs().nextRun(),
                            first.job(),
                            first.modelId(),
                            first.plan(),
                            JobTrigger.REPRODUCE,
                            first.due(),
                            first.asked(),
                            JobRun.Progress.QUEUED));
            return true;
        });
        server.round();
        String token = server.runner.last().token();
        assertThatThrownBy(() -> server.publish(token, "other", accuracy(0.99)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("is not known any more, so the run publishes nothing");
        server.runner.last().end(0);
        assertThat(server.ended("00000000000000ff").run().progress().state()).isEqualTo(JobRunState.FAILED);
    }

    @Test
    void a_run_that_fails_has_no_report_and_tells_nobody() throws Exception {
        Server server = trained(Map.of());
        String run =
                server.services.reproducer.start(IRIS, MADE, 0, ADA, "").run().id();
        server.round();
        server.runner.last().end(1);
        RunView failed = server.ended(run);
        assertThat(failed.run().progress().state()).isEqualTo(JobRunState.FAILED);
        assertThat(failed.reproduction().orElseThrow().reproduction().report()).isEmpty();
        assertThat(failed.reproduction().orElseThrow().open()).isFalse();
        assertThat(catalog.write(tx -> tx.noticeQueue().take(10)).size()).isZero();
    }

    @Test
    void the_jobs_own_runs_neither_wait_for_a_reproduction_nor_stop_one() throws Exception {
        Server server = trained(Map.of("overlap", "\"skip\""));
        String again =
                server.services.reproducer.start(IRIS, MADE, 0, ADA, "").run().id();
        server.round();
        FakeRunner.FakeRun first = server.runner.last();
        String own = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        server.round();
        assertThat(server.services.atWork()).isEqualTo(2);
        server.publish(server.runner.last().token(), "third", accuracy(0.96));
        server.runner.last().end(0);
        server.publish(first.token(), "second", accuracy(0.95));
        first.end(0);
        assertThat(server.ended(own).run().progress().outcome()).isEqualTo("It published 1.2.0.");
        assertThat(report(server.ended(again)).verdict()).isEqualTo(Verdict.IDENTICAL);
    }

    @Test
    void whoever_asks_for_the_newest_version_is_given_none_that_was_made_to_reproduce_another() throws Exception {
        Server server = trained(Map.of());
        RunView again = reproduce(server, "near", accuracy(0.95));
        assertThat(report(again).made()).isEqualTo("1.1.0-reproduced.2");
        assertThat(newest()).isEqualTo("1.1.0");
        long made = again.versions().getFirst().version().id();
        catalog.write(tx -> {
            VersionState state = tx.versionStates().get(made);
            tx.versionStates()
                    .update(new VersionState(
                            made, state.description(), Stage.STAGING, state.updatedAt(), state.deletedAt()));
            return true;
        });
        assertThat(newest()).as("somebody moved it to a stage").isEqualTo("1.1.0-reproduced.2");
    }

    private String newest() {
        return catalog.read(tx -> VersionResolver.resolve(tx, IRIS, new Selector.Newest()))
                .ref()
                .version()
                .toString();
    }

    @Test
    void a_crowd_is_refused_before_code_and_data_are_read() throws Exception {
        Server server = trained(Map.of());
        for (int i = 0; i < 5; i++) {
            server.services.reproducer.start(IRIS, MADE, 0, ADA, "");
        }
        try (Stream<Path> blobs = Files.walk(directory.resolve("blobs"))) {
            for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
                Files.delete(blob);
            }
        }
        assertThatThrownBy(() -> server.services.reproducer.start(IRIS, MADE, 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Wait for their ends");
    }

    @Test
    void the_jobs_own_runs_do_not_wait_behind_a_crowd_of_reproductions() throws Exception {
        Server server = trained(Map.of());
        List<String> crowd = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.add(server.services
                    .reproducer
                    .start(IRIS, MADE, 0, ADA, "")
                    .run()
                    .id());
        }
        server.round();
        FakeRunner.FakeRun atWork = server.runner.last();
        String own = server.services.jobs.start(WEEKLY, ADA, "").run().id();
        atWork.end(1);
        for (int look = 0; look < 1000 && server.services.atWork() > 1; look++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        server.round();
        assertThat(server.services.browser.run(own).run().progress().state()).isEqualTo(JobRunState.RUNNING);
        assertThat(server.services.browser.run(crowd.get(2)).run().progress().state())
                .isEqualTo(JobRunState.QUEUED);
    }

    @Test
    void what_is_not_there_any_more_is_named_and_nothing_runs() throws Exception {
        Server server = trained(Map.of());
        int before = runs().size();
        Path blob;
        try (Stream<Path> blobs = Files.walk(directory.resolve("blobs"))) {
            blob = blobs.filter(file -> file.getFileName()
                            .toString()
                            .contains(Digest.parse(archive).hex().substring(4)))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(blob);
        bytes[0] ^= 1;
        blob.toFile().setWritable(true);
        Files.write(blob, bytes);
        assertThatThrownBy(() -> server.services.reproducer.start(IRIS, MADE, 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("cannot be reproduced, since the code (" + archive + ") is damaged");
        Files.delete(blob);
        assertThatThrownBy(() -> server.services.reproducer.start(IRIS, MADE, 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("is not there any more");
        assertThat(runs()).hasSize(before);
    }

    @Test
    void a_version_that_no_job_trained_and_a_crowd_of_runs_are_refused() throws Exception {
        Server server = trained(Map.of());
        assertThatThrownBy(() -> server.services.reproducer.start(IRIS, Selector.parse("1.0.0"), 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("No job trained default/iris@1.0.0");
        for (int i = 0; i < 5; i++) {
            server.services.reproducer.start(IRIS, MADE, 0, ADA, "");
        }
        assertThatThrownBy(() -> server.services.reproducer.start(IRIS, MADE, 0, ADA, ""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Wait for their ends");
    }

    @Test
    void what_an_environment_had_is_compared_by_name_and_release() {
        assertThat(ReproductionEnd.packages(
                        "numpy==2.1.0\npython==3.12.1\nold==1", "numpy==2.2.0\npython==3.12.1\nnew==3"))
                .isEqualTo(List.of("numpy 2.1.0 then, 2.2.0 now", "old 1 then, none now", "new none then, 3 now"));
    }

    @Test
    void runs_that_made_a_version_once_more_stay_with_the_version() throws Exception {
        Server server = trained(Map.of());
        RunView again = reproduce(server, "second", accuracy(0.95));
        int forgotten = catalog.write(tx -> tx.jobs().forgetRuns(server.now.plus(Duration.ofDays(1000)), 100));
        assertThat(forgotten).isZero();
        assertThat(report(server.services.browser.run(again.run().id())).verdict())
                .isEqualTo(Verdict.IDENTICAL);
    }
}
